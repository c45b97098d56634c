import Compiler
import Training

/// The instructions of every operator of one training step, counted in the board's emulator.
/// - Throws: `MissingProfile`; what building and the link throw.
package func operatorCosts(
  _ workspace: Workspace, _ settings: BuildSettings, console: Console
) async throws -> (plan: Plan, instructions: [Int]) {
  var settings = settings
  settings.profile = true
  let built = try await buildProject(workspace, settings, console: console)
  console.progress("counting instructions of each operator on \(built.board.name)")
  defer { console.progress("") }
  let costs = try await withDevice(built, transport: settings.transport, measuring: true, console: console) {
    device in
    _ = try await updatingStep(device, built.plan)
    return try await device.profile()
  }
  guard costs.count == built.plan.steps.count else {
    throw MissingProfile(expected: built.plan.steps.count, actual: costs.count)
  }
  return (built.plan, costs.map { Int($0.cost) })
}
