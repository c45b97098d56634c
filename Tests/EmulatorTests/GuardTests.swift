import Compiler
import Foundation
import Testing
import Training
import tinysdk

/// Evaluation and the guard in the digits example, in the host twin and on a board.
@Suite(.enabled(if: !missingTools.contains("clang"), "skipped: clang is not installed"), .serialized)
struct GuardTests {
  private let project: ExampleProject
  private let quiet = Console(level: .quiet)

  init() throws { project = try ExampleProject("digits") }

  private func workspace(
    guarded: GuardOptions? = GuardOptions(window: 48, worse: 0.5, better: 0.1)
  ) throws -> Workspace {
    var workspace = try project.workspace()
    workspace.project.evaluation = EvaluationOptions(window: 32)
    workspace.project.learningGuard = guarded
    return workspace
  }

  /// What a run of steps led to.
  private struct Run: Sendable, Equatable {
    var steps: [TrainingStep] = []
    /// After the good steps, and after the bad ones.
    var good = Evaluation(classes: 10)
    var after = Evaluation(classes: 10)
    var learning = LearningStatus()
    var state: [UInt8] = []
  }

  /// Learns right labels, then wrong ones, or right ones at another rate.
  private func run(
    _ workspace: Workspace, board: String = "host", good: Int = 700, bad: Int = 600, badRate: Float? = nil,
    heldOut: Int = 297, untilRestored: Bool = false
  ) async throws -> Run {
    let built = try await buildProject(workspace, BuildSettings(board: board), console: quiet)
    let data = try loadData(workspace, for: built.plan)
    let rate = workspace.project.optimizer.learningRate
    let held = try (0..<heldOut).map(data.heldOut.sample)
    func samples(_ steps: Range<Int>, _ change: (TrainingSample, Int) -> TrainingSample) throws
      -> [TrainingSample]
    {
      try steps.map { step in
        let sample = try data.train.sample(at: step % data.train.count)
        return change(TrainingSample(input: sample.input, label: sample.label, rate: rate), step)
      }
    }
    let first = try samples(0..<good) { sample, _ in sample }
    let second = try samples(good..<good + bad) { sample, step in
      var sample = sample
      if let badRate { sample.rate = badRate } else { sample.label = (sample.label + 1 + step % 9) % 10 }
      return sample
    }
    return try await withDevice(built, console: quiet) { device in
      var run = Run()
      run.steps = try await device.train(first)
      try await device.resetEvaluation()
      _ = try await device.evaluate(held)
      run.good = try await device.evaluation()
      run.steps += try await device.train(second)
      // A few bad steps are always on their way before the guard sees them: goes on until it has.
      let restored = try await device.learningStatus().restored
      for sample in untilRestored ? second.prefix(48) : [] {
        guard try await device.learningStatus().restored == restored else { break }
        run.steps += try await device.train([sample])
      }
      run.learning = try await device.learningStatus()
      try await device.resetEvaluation()
      _ = try await device.evaluate(held)
      run.after = try await device.evaluation()
      run.state = try await device.readState()
      return run
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func theWindowAndTheMatrixAreWhatTheHostSees() async throws {
    let workspace = try workspace(guarded: nil)
    let run = try await run(workspace, good: 50, bad: 0)
    let last = run.steps.suffix(32)
    let data = try loadData(
      workspace, for: try await planProject(workspace, BuildSettings(board: "host"), console: quiet).plan)
    let hits = try last.enumerated().filter { step in
      try data.train.sample(at: 18 + step.offset).label == step.element.prediction
    }
    #expect(run.learning.windowSteps == 32)
    #expect(run.learning.windowCorrect == hits.count)
    let mean = last.reduce(0) { $0 + Double($1.loss) } / 32
    #expect(abs(Double(run.learning.windowLoss) - mean) < 1.0 / 32768)
    #expect(run.after.count == 297)
    #expect(
      run.after.total
        == (0..<10).map { label in
          (0..<297).count { (try? data.heldOut.sample(at: $0).label) == label }
        })
    #expect(run.learning.restored == 0 && run.learning.kept == 0)
  }

  @Test(.timeLimit(.minutes(10)))
  func wrongLabelsAreUndone() async throws {
    let guarded = try await run(try workspace(), untilRestored: true)
    let plain = try await run(try workspace(guarded: nil))
    #expect(guarded.good.accuracy > 0.9)
    #expect(guarded.learning.restored > 0)
    #expect(plain.after.accuracy < guarded.good.accuracy - 0.2, "the labels do no harm")
    #expect(guarded.after.accuracy > guarded.good.accuracy - 0.03)
  }

  @Test(.timeLimit(.minutes(10)))
  func anAbsurdRateIsUndone() async throws {
    let guarded = try await run(try workspace(), bad: 200, badRate: 1e30, untilRestored: true)
    #expect(guarded.learning.restored > 0)
    #expect(guarded.after.accuracy > guarded.good.accuracy - 0.03)
  }

  @Test(.timeLimit(.minutes(10)), .enabled(if: missingTools.isEmpty, "skipped: no cross tools"))
  func aBoardRestoresTheSameBits() async throws {
    let workspace = try workspace(
      guarded: GuardOptions(measure: .wrong, window: 16, worse: 0.2, better: 0.05))
    let host = try await run(workspace, good: 60, bad: 60, heldOut: 40)
    let board = try await run(workspace, board: "qemu-cortex-m7", good: 60, bad: 60, heldOut: 40)
    #expect(host == board)
    #expect(host.learning.restored > 0 && host.learning.kept > 0)
  }
}
