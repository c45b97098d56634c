import Boards
import Compiler
import Project
import Training

/// Whether boards agree bit for bit on what they have learned.
package struct Verification: Sendable, Equatable, Codable {
  package struct BoardResult: Sendable, Equatable, Codable {
    package var board: String
    package var stateHash: String
    package var loss: Double
    /// Where it differs from the first board; nil where it does not.
    package var difference: StateDifference?
  }

  package var model: String
  package var update: String
  package var steps: Int
  package var stateBytes: Int
  package var boards: [BoardResult]

  package var isEqual: Bool { boards.allSatisfy { $0.stateHash == boards.first?.stateHash } }

  package var text: String {
    let rows = boards.map { [$0.board, number($0.loss, 6), $0.stateHash] }
    let differences = boards.compactMap { result in
      result.difference.map {
        "\(result.board) differs from \(boards[0].board): first in '\($0.tensor)', element \($0.element); "
          + "\($0.different) of its \($0.count) elements differ"
      }
    }
    let verdict =
      isEqual
      ? "equal: \(stateBytes) bytes of trainable state after \(steps) steps"
      : "NOT equal after \(steps) steps"
    return
      ([textTable(["board", "mean loss", "SHA-256 of the trainable state"], rows), ""] + differences + [
        verdict
      ])
      .joined(separator: "\n")
  }
}

/// Trains the same steps on the same samples on every board, one board after the other.
/// - Parameter boards: the first is what the others are compared to.
/// - Throws: what building, the link and the trainer throw.
package func verify(
  _ workspace: Workspace, _ settings: BuildSettings, boards: [String], steps: Int,
  optimizer: OptimizerSettings, data: String? = nil, console: Console
) async throws -> Verification {
  var results: [Verification.BoardResult] = []
  var reference: (state: [UInt8], plan: Plan)?
  for name in boards {
    var settings = settings
    settings.board = name
    let built = try await buildProject(workspace, settings, console: console)
    let samples = try firstSamples(
      steps, of: loadData(workspace, for: built.plan, path: data).train, optimizer: optimizer)
    console.progress("training \(steps) steps on \(name)")
    let (state, loss) = try await withDevice(built, transport: settings.transport, console: console) {
      device in
      let results = try await device.train(samples)
      return (
        try await device.readState(), results.reduce(0) { $0 + Double($1.loss) } / Double(max(1, steps))
      )
    }
    console.progress("")
    let known = reference ?? (state, built.plan)
    reference = known
    results.append(
      Verification.BoardResult(
        board: name, stateHash: stateHash(state), loss: loss,
        difference: StateDifference(known.state, state, tensors: known.plan.state)))
  }
  return Verification(
    model: workspace.project.name, update: reference?.plan.options.update.name ?? "", steps: steps,
    stateBytes: reference?.state.count ?? 0, boards: results)
}

/// The samples of the first steps, epoch after epoch.
private func firstSamples(_ steps: Int, of set: SampleSet, optimizer: OptimizerSettings) throws
  -> [TrainingSample]
{
  if set.count == 0 { throw TrainerError.noSamples(part: "to train on") }
  var samples: [TrainingSample] = []
  for epoch in 0...(max(steps, 1) - 1) / set.count {
    for position in epochOrder(count: set.count, seed: optimizer.seed, epoch: epoch)
    where samples.count < steps {
      let sample = try set.sample(at: position)
      samples.append(TrainingSample(input: sample.input, label: sample.label, rate: optimizer.learningRate))
    }
  }
  return samples
}

/// The host, and every board with an emulator, by name.
/// - Throws: `ConfigurationError` for a board file that cannot be read.
package func verifiableBoards(_ catalog: BoardCatalog) throws -> [String] {
  let emulated = try catalog.names.filter { name in
    if case .emulator = try catalog.board(named: name).run { true } else { false }
  }
  return ["host"] + emulated
}
