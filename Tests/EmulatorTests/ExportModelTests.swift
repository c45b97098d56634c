import Foundation
import Testing
import Training
import tinysdk

/// A trained network written as ONNX and read again.
@Suite(.enabled(if: !missingTools.contains("clang"), "skipped: clang is not installed"))
struct ExportModelTests {
  private let project: ExampleProject
  private let quiet = Console(level: .quiet)

  init() throws { project = try ExampleProject("digits") }

  /// What the model of `workspace` says about every held-out sample, in a given state or its first.
  private func outputs(_ workspace: Workspace, _ settings: BuildSettings, state: [UInt8]? = nil) async throws
    -> [Inference]
  {
    let built = try await buildProject(workspace, settings, console: quiet)
    let samples = try loadData(workspace, for: built.plan).heldOut
    let inputs = try (0..<samples.count).map { try samples.sample(at: $0).input }
    return try await withDevice(built, console: quiet) { device in
      if let state { try await device.writeState(state) }
      return try await device.infer(inputs)
    }
  }

  @Test(.timeLimit(.minutes(10)), arguments: ["bias-3", "last-2", "head"])
  func anExportedModelPredictsTheSame(update: String) async throws {
    let workspace = try project.workspace()
    let settings = BuildSettings(board: "host", update: update)
    let built = try await buildProject(workspace, settings, console: quiet)
    let job = try TrainingJob(
      built, data: loadData(workspace, for: built.plan), optimizer: workspace.project.optimizer, steps: 40,
      heldOutLimit: 10)
    let outcome = try await job.run(transport: nil, console: quiet)
    let report = try job.keep(outcome, save: nil, historyFolder: built.folder, model: "digits")
    let trained = try await outputs(workspace, settings, state: outcome.run.lastState)
    let untrained = try await outputs(workspace, settings)
    #expect(trained != untrained)

    let exported = try await exportModel(
      workspace, state: report.stateFile, to: "\(project.folder)/Model/trained.onnx")
    #expect(exported.hasNewHead)
    #expect((exported.changedTensors == 0) == (update == "head"))
    var again = workspace
    again.project.model = "Model/trained.onnx"
    again.project.head = .keep
    #expect(try await outputs(again, settings) == trained)
    if update == "bias-3" { try await expectKeptHeadLearns(again) }
  }

  /// A model's own classifier learns on, with the same result on the host and in the emulator.
  private func expectKeptHeadLearns(_ workspace: Workspace) async throws {
    guard missingTools.isEmpty else { return }
    let result = try await verify(
      workspace, BuildSettings(update: "bias-3"), boards: ["host", "qemu-cortex-m7"], steps: 10,
      optimizer: workspace.project.optimizer, console: quiet)
    #expect(result.isEqual, "\(result.text)")
  }

  @Test func aStateOfAnotherModelIsNotExported() async throws {
    let workspace = try project.workspace()
    let built = try await buildProject(
      workspace, BuildSettings(board: "host", update: "head"), console: quiet)
    let state = TrainedState(
      [UInt8](repeating: 0, count: built.plan.stateBytes), of: built.plan, steps: 1, seed: 0)
    let path = "\(project.folder)/other.tinystate"
    var other = state
    other.description.identity.model = "somebody else's"
    try other.write(to: path)
    let error = await #expect(throws: TrainedStateError.self) {
      try await exportModel(workspace, state: path, to: "\(project.folder)/out.onnx")
    }
    #expect(error?.description.contains("model: somebody else's, here") == true)
    #expect(!FileManager.default.fileExists(atPath: "\(project.folder)/out.onnx"))
  }
}
