import Compiler
import Foundation
import Operators
import Testing
import Training
import tinysdk

/// The digits example trained in the emulator.
@Suite(
  .enabled(if: missingTools.isEmpty, "skipped: not installed: \(missingTools.joined(separator: ", "))"),
  .serialized)
struct TrainingOnBoardsTests {
  private let project: ExampleProject
  private let quiet = Console(level: .quiet)

  init() throws { project = try ExampleProject("digits") }

  @Test(.timeLimit(.minutes(10)))
  func fiftyStepsLeaveTheSameStateOnEveryBoard() async throws {
    let workspace = try project.workspace()
    let boards = ["host", "qemu-cortex-m4", "qemu-cortex-m33", "qemu-cortex-m7", "qemu-cortex-m55"]
    let result = try await verify(
      workspace, .init(), boards: boards, steps: 50, optimizer: workspace.project.optimizer, console: quiet)
    #expect(result.boards.map(\.board) == boards)
    #expect(result.isEqual, "\(result.text)")
    #expect(
      result.boards.allSatisfy { $0.difference == nil && $0.loss == result.boards[0].loss && $0.loss > 0 })
  }

  @Test(
    .timeLimit(.minutes(10)),
    arguments: zip(
      [GradientType.int16, .int8, .int8, .float32],
      [Residual.eightBits, .fourBits, .stochastic, .stochastic]))
  func integerGradientsAndEveryRuleLeaveTheSameState(gradients: GradientType, residual: Residual) async throws
  {
    let workspace = try project.workspace()
    let result = try await verify(
      workspace, BuildSettings(residual: residual, gradients: gradients),
      boards: ["host", "qemu-cortex-m4", "qemu-cortex-m33", "qemu-cortex-m7", "qemu-cortex-m55"], steps: 20,
      optimizer: workspace.project.optimizer, console: quiet)
    #expect(result.isEqual, "\(result.text)")
    #expect(result.boards.allSatisfy { $0.loss > 0 })
  }

  @Test(
    .timeLimit(.minutes(10)),
    arguments: zip(
      [Residual.eightBits, .stochastic], [(GradientType.int16, "exact"), (.int8, "shift")]))
  func everyPartOfAnOptimizerLeavesTheSameState(residual: Residual, kind: (GradientType, String)) async throws
  {
    var workspace = try project.workspace()
    workspace.project.optimizer.clip = kind.1 == "shift" ? .value(0.05) : .norm(0.5)
    workspace.project.optimizer.rates = ["4": 0.5, "head": 2]
    let settings = BuildSettings(
      residual: residual, gradients: kind.0, scaling: QuantizationAwareScaling(rawValue: kind.1),
      schedule: .cosine, warmUp: 8, momentum: 0.9, accumulate: 4)
    let result = try await verify(
      workspace, settings, boards: ["host", "qemu-cortex-m4"], steps: 22,
      optimizer: settings.optimizer(workspace.project), console: quiet)
    #expect(result.isEqual, "\(result.text)")
    #expect(result.boards.allSatisfy { $0.loss > 0 })
  }

  @Test(.timeLimit(.minutes(10)))
  func aResumedTrainingGoesOnInItsScheduleAndItsMomentum() async throws {
    let workspace = try project.workspace()
    let settings = BuildSettings(board: "host", schedule: .cosine, warmUp: 10, momentum: 0.9, accumulate: 4)
    func trained(_ settings: BuildSettings, steps: Int, resume: String? = nil) async throws -> TrainReport {
      let built = try await buildProject(workspace, settings, console: quiet)
      let job = try TrainingJob(
        built, data: loadData(workspace, for: built.plan), optimizer: settings.optimizer(workspace.project),
        steps: steps, heldOutLimit: 10, resume: resume)
      let outcome = try await job.run(transport: nil, console: quiet)
      return try job.keep(
        outcome, save: "\(project.folder)/\(steps).tinystate", historyFolder: built.folder, model: "digits")
    }
    let first = try await trained(settings, steps: 18)
    let second = try await trained(settings, steps: 23, resume: first.stateFile)
    let whole = try await trained(settings, steps: 41)
    #expect(second.summary.stateHash == whole.summary.stateHash)
    #expect(first.summary.stateHash != whole.summary.stateHash)
    var other = settings
    other.momentum = 0.5
    let error = await #expect(throws: TrainedStateError.self) {
      try await trained(other, steps: 1, resume: first.stateFile)
    }
    #expect(error?.description.contains("momentum 0.9") == true)
    #expect(error?.description.contains("momentum 0.5") == true)
  }

  @Test(.timeLimit(.minutes(10)))
  func theSerialPortCarriesTheSameTraining() async throws {
    let workspace = try project.workspace()
    let serial = try await verify(
      workspace, BuildSettings(transport: "uart"), boards: ["qemu-cortex-m7"], steps: 10,
      optimizer: workspace.project.optimizer, console: quiet)
    let host = try await verify(
      workspace, .init(), boards: ["host"], steps: 10, optimizer: workspace.project.optimizer, console: quiet)
    #expect(serial.boards[0].stateHash == host.boards[0].stateHash)
  }

  @Test(.timeLimit(.minutes(10)))
  func meanSquaredErrorLearnsAlikeOnHostAndBoard() async throws {
    var workspace = try project.workspace()
    workspace.project.loss = .meanSquaredError
    let result = try await verify(
      workspace, .init(), boards: ["host", "qemu-cortex-m7"], steps: 20,
      optimizer: workspace.project.optimizer, console: quiet)
    #expect(result.isEqual, "\(result.text)")
    // One of ten classes, outputs near 0: about a tenth.
    #expect(result.boards.allSatisfy { $0.loss > 0.01 && $0.loss < 0.3 })
  }

  @Test(.timeLimit(.minutes(10)), arguments: [("qemu-cortex-m7", "host"), ("host", "qemu-cortex-m7")])
  func aStateGoesOnLearningElsewhere(first firstBoard: String, second secondBoard: String) async throws {
    let workspace = try project.workspace()
    func trained(_ board: String, steps: Int, resume: String? = nil) async throws -> TrainReport {
      let built = try await buildProject(workspace, BuildSettings(board: board), console: quiet)
      let job = try TrainingJob(
        built, data: loadData(workspace, for: built.plan), optimizer: workspace.project.optimizer,
        steps: steps,
        heldOutLimit: 20, resume: resume)
      let outcome = try await job.run(transport: nil, console: quiet)
      return try job.keep(outcome, save: nil, historyFolder: built.folder, model: "digits")
    }
    let first = try await trained(firstBoard, steps: 20)
    let second = try await trained(secondBoard, steps: 30, resume: first.stateFile)
    let whole = try await trained("host", steps: 50)
    #expect(second.summary.stateHash == whole.summary.stateHash)
    #expect(first.summary.stateHash != whole.summary.stateHash)
    #expect(FileManager.default.fileExists(atPath: first.curveFile))
    let keys = try #require(
      try JSONSerialization.jsonObject(with: Data(jsonText(first).utf8)) as? [String: Any])
    let expected = [
      "accuracy_before", "accuracy_after", "history", "images_per_second", "state_hash", "schema_version",
      "class_accuracy", "state_file",
    ]
    #expect(expected.filter { keys[$0] == nil } == [])
    let entry = try #require((keys["history"] as? [[String: Any]])?.first)
    #expect(Set(entry.keys).isSuperset(of: ["epoch", "loss", "accuracy"]))
  }

  @Test(.timeLimit(.minutes(10)))
  func aBenchmarkCountsTheSameTwice() async throws {
    let workspace = try project.workspace()
    let settings = BuildSettings(board: "qemu-cortex-m7")
    let first = try await benchmark(workspace, settings, console: quiet)
    let second = try await benchmark(workspace, settings, console: quiet)
    #expect(first == second)
    #expect(first.inferenceInstructions > 0 && first.trainingStepInstructions > first.inferenceInstructions)
    let sum = first.operators.reduce(0) { $0 + $1.instructions }
    // The rest is the call itself: a few instructions for each operator.
    #expect(sum <= first.trainingStepInstructions && sum > first.trainingStepInstructions * 9 / 10)
    // With accumulation, the step that is measured is one that updates.
    let summed = try await benchmark(
      workspace, BuildSettings(board: "qemu-cortex-m7", accumulate: 3), console: quiet)
    #expect(summed.operators.allSatisfy { $0.instructions > 0 })
    #expect(summed.trainingStepInstructions > first.trainingStepInstructions)
    #expect(first.sramStaticBytes > 0 && first.stackBytes > 0 && first.flashBytes > 0)
    let keys = try #require(
      try JSONSerialization.jsonObject(with: Data(jsonText(first).utf8)) as? [String: Any])
    let expected = [
      "inference_instructions", "training_step_instructions", "sram_static_bytes", "stack_bytes",
      "flash_bytes",
      "operators", "schema_version",
    ]
    #expect(expected.filter { keys[$0] == nil } == [])
    let entry = try #require((keys["operators"] as? [[String: Any]])?.first)
    #expect(Set(entry.keys) == ["name", "kind", "phase", "macs", "instructions"])
  }

  @Test func theHostCountsNoInstructions() async throws {
    let workspace = try project.workspace()
    await #expect(throws: NotMeasurable.self) {
      try await benchmark(workspace, BuildSettings(board: "host"), console: quiet)
    }
  }
}
