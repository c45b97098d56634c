import Boards
import Compiler
import Graph
import Operators
import Training

/// What inference and a training step cost on a device.
package struct Benchmark: Sendable, Equatable, Codable {
  /// The cost of one operator in one training step.
  package struct Operator: Sendable, Equatable, Codable {
    package var name: String
    package var kind: String
    package var phase: String
    package var macs: Int
    package var instructions: Int
  }

  package var model: String
  package var board: String
  package var update: String
  /// What the choice of kernels saves.
  package var optimize: KernelGoal
  /// Why that is memory where something else was asked for; `nil` where it was not.
  package var frugalKernels: FrugalKernels?
  package var inferenceInstructions: Int
  /// Of a step that updates: with gradient accumulation, most steps take less.
  package var trainingStepInstructions: Int
  /// Arena, state and variables, without the stack.
  package var sramStaticBytes: Int
  /// The most stack that the run has used.
  package var stackBytes: Int
  /// Static and used stack together.
  package var sramBytes: Int
  /// Everything that is programmed, as in the image that does not profile.
  package var flashBytes: Int
  package var operators: [Operator]
  /// The innermost loops of its kernels that multiply, where cycles were asked for.
  package var loops: [LoopCycles]?
}

/// Measures an image twice: once as it is, for the totals, the stack and the sizes, and once built to
/// profile, for the operators.
///
/// The sample is made from a fixed sequence, so that two runs of one build count the same.
/// - Parameter cycles: model the kernels' loops too.
/// - Throws: `NotMeasurable` for a board that counts no instructions; what building and the link throw.
package func benchmark(
  _ workspace: Workspace, _ settings: BuildSettings, cycles: Bool = false, console: Console
) async throws -> Benchmark {
  let built = try await buildProject(workspace, settings, console: console)
  guard let sizes = built.image.sizes else { throw NotMeasurable(board: built.board.name) }
  console.progress("counting instructions on \(built.board.name)")
  let totals = try await withDevice(built, transport: settings.transport, measuring: true, console: console) {
    device in
    let inference = try await device.infer(fixedInput(of: built.plan))
    let step = try await updatingStep(device, built.plan)
    return (inference: inference.cost, step: step.cost, stack: try await device.stack()?.used ?? 0)
  }
  guard totals.step > 0 else { throw NotMeasurable(board: built.board.name) }
  let costs = try await operatorCosts(workspace, settings, console: console)
  let staticBytes = sizes.sramBytes - sizes.stackBytes
  let loops =
    cycles
    ? try await loopCycles(
      ofObjects: built.kernelObjects, in: built.image.path, core: built.board.core,
      tools: workspace.surroundings.tools) : nil
  return Benchmark(
    model: workspace.project.name, board: built.board.name, update: built.plan.options.update.name,
    optimize: built.plan.options.optimize, frugalKernels: built.plan.frugalKernels,
    inferenceInstructions: Int(totals.inference), trainingStepInstructions: Int(totals.step),
    sramStaticBytes: staticBytes, stackBytes: totals.stack, sramBytes: staticBytes + totals.stack,
    flashBytes: sizes.flashBytes, operators: try operators(costs.plan, costs.instructions), loops: loops)
}

private let fixedRate: Float = 0.2 / 256

/// A training step that updates: with gradient accumulation the last of as many as make one. The head starts
/// from zero, so an update goes before: with it gradients reach the layers behind. Of an image that profiles,
/// the profile has the last step alone.
func updatingStep(_ device: any TrainingDevice, _ plan: Plan) async throws -> TrainingStep {
  let input = fixedInput(of: plan)
  let count = plan.options.optimizer.accumulate
  for _ in 0..<count { _ = try await device.train(input, label: 1, rate: fixedRate) }
  for _ in 1..<count { _ = try await device.train(input, label: 0, rate: fixedRate) }
  try await device.clearProfile()
  return try await device.train(input, label: 0, rate: fixedRate)
}

/// A sample that looks like a picture only in that all values occur: of int8 all, of float32 multiples of
/// 1/128 from -1 to 1.
func fixedInput(of plan: Plan, seed: UInt64 = 1) -> [Int8] {
  var sequence = SplitMix64(state: seed)
  return plan.graph.tensors(role: .input).flatMap { tensor in
    let values = (0..<tensor.count).map { _ in Int8(truncatingIfNeeded: sequence.next() >> 32) }
    guard tensor.element == .float32 else { return values }
    return littleEndianBytes(values.map { Float($0) / 128 }).map { Int8(bitPattern: $0) }
  }
}

private func operators(_ plan: Plan, _ instructions: [Int]) throws -> [Benchmark.Operator] {
  try zip(plan.steps, instructions).map { step, instructions in
    Benchmark.Operator(
      name: step.node.layer, kind: step.node.op, phase: step.node.phase.rawValue,
      macs: try operatorDefinition(of: step.node).macs(step.node, plan.graph), instructions: instructions)
  }
}

/// A board on which nothing counts instructions.
package struct NotMeasurable: Error, Equatable, CustomStringConvertible {
  package var board: String

  package var description: String {
    "'\(board)' counts no instructions; take an emulated board such as --board qemu-cortex-m7"
  }
}

/// An image that was not built to profile.
package struct MissingProfile: Error, Equatable, CustomStringConvertible {
  package var expected: Int
  package var actual: Int

  package var description: String {
    "the image measures \(actual) operators, the plan has \(expected); run `tinysdk clean` and build again"
  }
}
