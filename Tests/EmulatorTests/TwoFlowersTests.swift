import Foundation
import Testing
import Training
import tinysdk

/// The example that learns two flowers from 100 photographs, from a fresh head, in the emulated Cortex-M7.
@Suite(
  .enabled(if: missingTools.isEmpty, "skipped: missing: \(missingTools.joined(separator: ", "))"), .serialized
)
struct TwoFlowersTests {
  private let project: ExampleProject
  private let quiet = Console(level: .quiet)

  init() throws { project = try ExampleProject("two-flowers") }

  @Test(.timeLimit(.minutes(15)))
  func hundredPhotographsAreEnough() async throws {
    let workspace = try project.workspace()
    func train(_ board: String) async throws -> TrainingRun {
      let built = try await buildProject(workspace, BuildSettings(board: board), console: quiet)
      let data = try loadData(workspace, for: built.plan)
      #expect(data.train.count == 100 && data.heldOut.count == 120)
      let job = try TrainingJob(built, data: data, optimizer: workspace.project.optimizer)
      return try await job.run(transport: nil, console: quiet).run
    }
    let device = try await train("qemu-cortex-m7")
    #expect(device.before.accuracy == 0.5, "a fresh head takes everything for the first class")
    #expect(device.steps == 200)
    #expect(device.after.accuracy > 0.9)
    #expect(try await train("host").lastState == device.lastState)
  }

  @Test(.timeLimit(.minutes(10)))
  func stepsAreCountedOnRequest() async throws {
    let workspace = try project.workspace()
    let built = try await buildProject(
      workspace, BuildSettings(board: "qemu-cortex-m7"), console: quiet)
    let data = try loadData(workspace, for: built.plan)
    let job = try TrainingJob(
      built, data: data, optimizer: workspace.project.optimizer, steps: 2, heldOutLimit: 1)
    let outcome = try await job.run(transport: nil, measuring: true, console: quiet)
    let report = try job.keep(outcome, save: nil, historyFolder: built.folder, model: "two-flowers")
    let cost = try #require(report.cost)
    #expect(cost.instructions == outcome.run.cost)
    // Two steps of the published network's 49 KB scheme by cycles: see PublishedNetworkTests.
    #expect((60_000_000...90_000_000).contains(cost.instructions))
    #expect(cost.modelledSeconds == Double(cost.instructions) / 216e6)
    #expect(report.text.contains("million instructions: 0.4 s (0.01 min) at 216 MHz"))
  }
}
