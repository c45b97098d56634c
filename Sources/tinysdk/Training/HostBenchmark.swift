import Boards
import Compiler
import ImageBuild
import KernelBridge
import Training

/// How fast training runs on the developer's own machine. Times are of this machine and this moment; their
/// ratio is of one run.
package struct HostBenchmark: Sendable, Equatable, Codable {
  /// One set of kernels.
  package struct Row: Sendable, Equatable, Codable {
    /// `host`; `portable` for the reference kernels alone, and `portable, scalar` for these as a core without
    /// SIMD runs them.
    package var kernels: String
    /// Trainings at a time.
    package var runs: Int
    /// Of all runs together, the layers that never learn being kept.
    package var stepsPerSecond: Double
  }

  package var model: String
  package var update: String
  package var steps: Int
  package var rows: [Row]
  /// Steps per second of one run with the host's kernels over the scalar portable ones'.
  package var ratio: Double

  package var text: String {
    [
      textTable(
        ["kernels", "runs", "steps/s"],
        rows.map { [$0.kernels, "\($0.runs)", number($0.stepsPerSecond, 0)] }), "",
      "\(model), update '\(update)': the host's kernels are \(number(ratio, 1)) times as fast as the scalar portable ones",
    ].joined(separator: "\n")
  }
}

/// Trains on fixed samples with the host's kernels, in one run and in one for each core, and with the
/// portable kernels, vectorized by the compiler and not; checks that all end in the same state.
/// - Throws: `DifferentStates`; what planning and the kernels throw.
package func hostBenchmark(
  _ workspace: Workspace, _ settings: BuildSettings, cores: Int, console: Console
) async throws -> HostBenchmark {
  let steps = 400
  var rows: [HostBenchmark.Row] = []
  var states: [[UInt8]] = []
  let portable = ["Portable"]
  let sets: [(name: String, backends: [String]?, compiler: HostCompiler, runs: Int)] = [
    ("host", nil, HostCompiler(), 1), ("host", nil, HostCompiler(), cores),
    ("portable", portable, HostCompiler(), 1),
    ("portable, scalar", portable, HostCompiler(vectorizes: false), 1),
  ]
  for (name, backends, compiler, runs) in sets {
    var settings = settings
    (settings.board, settings.backends) = ("host", backends)
    let planned = try await planProject(workspace, settings, console: console)
    let kernels = try await KernelAnswers(
      backends: planned.backends, root: workspace.surroundings.root,
      cache: workspace.surroundings.cacheFolder,
      compiler: compiler)
    console.progress("training \(steps) steps with the \(name) kernels, \(runs) at a time")
    let twins = try (0..<runs).map { _ in try InterpretedTwin(planned.plan, kernels: kernels.library) }
    let samples = fixedSamples(planned.plan, classes: twins[0].model.classes)
    // The first pass fills what is kept of the samples.
    for twin in twins { _ = try await twin.train(samples) }
    let time = try await ContinuousClock().measure {
      try await withThrowingTaskGroup(of: Void.self) { group in
        for twin in twins {
          group.addTask { for _ in 0..<(steps / samples.count) { _ = try await twin.train(samples) } }
        }
        try await group.waitForAll()
      }
    }
    console.progress("")
    rows.append(.init(kernels: name, runs: runs, stepsPerSecond: Double(runs * steps) / (time / .seconds(1))))
    for twin in twins { states.append(try await twin.readState()) }
  }
  guard Set(states).count == 1 else { throw DifferentStates() }
  let update = try await planProject(workspace, settings, console: console).plan.options.update.name
  return HostBenchmark(
    model: workspace.project.name, update: update, steps: steps, rows: rows,
    ratio: rows[0].stepsPerSecond / rows[3].stepsPerSecond)
}

private func fixedSamples(_ plan: Plan, classes: Int) -> [TrainingSample] {
  (0..<8).map { position in
    TrainingSample(
      input: fixedInput(of: plan, seed: UInt64(position)), label: position % classes, rate: 0.2 / 256)
  }
}

/// Two sets of kernels that should learn the same have not.
package struct DifferentStates: Error, Equatable, CustomStringConvertible {
  package var description: String {
    "the host's kernels and the portable ones have learned different states; run `make test` in the SDK"
  }
}
