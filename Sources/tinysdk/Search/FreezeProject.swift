import Compiler
import ImageBuild
import Training

/// What automatic freezing led to.
package struct FreezeReport: Sendable, Equatable, Codable {
  /// One point of the curve.
  package struct Row: Sendable, Equatable, Codable {
    /// The tensor that was frozen, such as `weights of blocks.3.pointwise1`; `nothing` for the start.
    package var frozen: String
    package var accuracy: Double
    package var loss: Double
    package var sramBytes: Int
    /// Above the memory of the head alone.
    package var extraBytes: Int
    package var instructions: Int?
    /// After the longer training, of the points that had one.
    package var verifiedAccuracy: Double?
  }

  package var project: String
  package var board: String
  package var largestDrop: Double
  /// Epochs of the longer trainings that decided; 0 where the curve's own did.
  package var verificationEpochs: Int
  package var rows: [Row]
  /// The position of the row that was chosen.
  package var chosen: Int
  package var scheme: UpdateScheme
  /// How many times less extra memory the chosen scheme takes than the full update; `nil` where it takes none.
  package var memoryRatio: Double?
  package var written: String?
  package var tableFile: String

  package var text: String {
    let rows = self.rows.enumerated().map { index, row in
      [
        "\(index)" + (index == chosen ? " *" : ""), row.frozen, percent(row.accuracy), number(row.loss, 4),
        grouped(row.sramBytes), grouped(row.extraBytes), row.instructions.map { grouped($0) } ?? "",
      ]
    }
    let headings = ["", "frozen", "accuracy", "loss", "SRAM", "above head", "instructions"]
    return [
      textTable(headings, rows), "",
      "* chosen: \(scheme.summary); \(saving), at most \(number(100 * largestDrop, 1)) points lost",
      written.map { "wrote the scheme into \($0)" } ?? "the project keeps its scheme",
      "wrote \(tableFile)",
    ].joined(separator: "\n")
  }

  private var saving: String {
    memoryRatio.map { "\(number($0, 1)) times less memory above the head's than the full update" }
      ?? "no memory above the head's"
  }

  fileprivate var csv: String {
    let lines = rows.enumerated().map { index, row in
      "\(index),\(row.frozen),\(number(100 * row.accuracy, 3)),\(number(row.loss, 5)),\(row.sramBytes),\(row.extraBytes),"
        + "\(row.instructions.map(String.init) ?? ""),"
        + (row.verifiedAccuracy.map { number(100 * $0, 3) } ?? "")
    }
    return (["step,frozen,accuracy,loss,sram_bytes,extra_bytes,instructions,verified_accuracy"] + lines).map {
      $0 + "\n"
    }
    .joined()
  }
}

/// Starts from the full update and freezes one tensor at a time until the accuracy dips, then trains points of
/// that curve for longer to see how far it holds.
/// - Parameters:
///   - full: what learns at the start.
///   - largestDrop: as a share of all samples.
///   - verificationEpochs: of the longer trainings, on all training samples; 0 for none.
/// - Throws: what the trials, the planner and the link throw; `AtomicFile.Failure`.
package func freeze(
  _ bench: SchemeWorkbench, from full: UpdateScheme, largestDrop: Double, verificationEpochs: Int, jobs: Int,
  writesProject: Bool, _ settings: BuildSettings, console: Console
) async throws -> FreezeReport {
  let depth = bench.layers.count - (full.biases.union(full.weights.keys).min() ?? bench.layers.count)
  let table = try await bench.measureCalls(depth: depth, settings, console: console)
  let progress = SearchProgress("trying what each tensor is worth", console: console)
  let threshold = FreezeSettings(largestDrop: largestDrop)
  let outcome = try await freezeTensors(
    bench.trials, from: full, threshold, jobs: jobs,
    cost: { try bench.cost($0, table) },
    progress: { frozen, left in
      console.note(
        "froze \(bench.name(of: frozen)): accuracy \(percent(frozen.accuracy)), "
          + "\(grouped(frozen.cost.sramBytes)) B, \(left) tensors left")
    }, trialProgress: progress.tell)
  progress.finish()
  let verified = try await verify(
    outcome, threshold, bench, epochs: verificationEpochs, jobs: jobs, console: console)
  let head = try bench.cost(.headOnly, table).sramBytes
  let rows = outcome.curve.enumerated().map { position, point in
    FreezeReport.Row(
      frozen: bench.name(of: point), accuracy: point.accuracy, loss: point.loss,
      sramBytes: point.cost.sramBytes, extraBytes: point.cost.sramBytes - head,
      instructions: point.cost.instructions, verifiedAccuracy: verified.accuracies[position])
  }
  let chosen = verified.chosen
  let scheme = outcome.curve[chosen].scheme
  var report = FreezeReport(
    project: bench.workspace.project.name, board: bench.board.name, largestDrop: largestDrop,
    verificationEpochs: verificationEpochs, rows: rows, chosen: chosen, scheme: scheme,
    memoryRatio: rows[chosen].extraBytes > 0
      ? Double(rows[0].extraBytes) / Double(rows[chosen].extraBytes) : nil,
    tableFile: "\(bench.workspace.searchFolder)/freeze.csv")
  try AtomicFile.write(report.csv, to: report.tableFile)
  if writesProject {
    report.written = try writeScheme(scheme, into: bench.workspace, layers: bench.layers.count)
  }
  return report
}

private func verify(
  _ outcome: FreezeOutcome, _ threshold: FreezeSettings, _ bench: SchemeWorkbench, epochs: Int, jobs: Int,
  console: Console
) async throws -> VerifiedFreezing {
  guard epochs > 0 else {
    return VerifiedFreezing(accuracies: [:], chosen: outcome.curve.firstIndex(of: outcome.chosen) ?? 0)
  }
  let progress = SearchProgress("training points of the curve for \(epochs) epochs", console: console)
  defer { progress.finish() }
  return try await verifyFreezing(
    outcome, threshold, bench.wholeFold.with(epochs: epochs), jobs: jobs, progress: progress.tell)
}

extension SchemeWorkbench {
  fileprivate func name(of tensor: FrozenTensor) -> String {
    guard let layer = tensor.layer else { return "nothing" }
    return "\(tensor.isBias ? "bias" : "weights") of \(layers[layer].name)"
  }
}
