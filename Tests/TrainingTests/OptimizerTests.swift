import Compiler
import Foundation
import Graph
import KernelBridge
import Operators
import TestNetworks
import Testing
import Training

/// A network of everything whose weights learn whole, in part, and not at all; with a head that is not zero.
private func network() throws -> Graph {
  var generator = SeededGenerator(seed: 40)
  var graph = try attachHead(try networkOfEverything(seed: 3), classes: 4)
  for name in ["head.weight", "head.bias"] {
    let values = (0..<(try graph.tensor(name).count)).map { _ in
      Float.random(in: -0.5...0.5, using: &generator)
    }
    try graph.update(name) { $0.data = littleEndianBytes(values) }
  }
  return graph
}

private let scheme = UpdateScheme(
  name: "some", biases: [2, 3, 7],
  weights: [1: .fraction(1), 2: .fraction(0.5), 3: .list([1, 4, 15]), 5: .list([2]), 7: .fraction(0.25)])

private func optimized(
  _ optimizer: Optimizer, _ residual: Residual = .eightBits, _ gradients: GradientType = .float32
) async throws -> Plan {
  let options = CompileOptions(
    update: .scheme(scheme), residual: residual, gradients: gradients, optimizer: optimizer)
  return try compile(try network(), options, ask: try await hostKernels.value.answers)
}

/// Trains on a fixed sequence of samples and hands each step's number and program to `observe`.
@discardableResult
private func train(
  _ plan: Plan, steps: Int, samples: [Int]? = nil, rates: [Float]? = nil,
  layout: PlanInterpreter.Layout = .arena,
  observe: (Int, Step, PlanInterpreter) throws -> Void = { _, _, _ in }
) async throws -> [String: [UInt8]] {
  let interpreter = try PlanInterpreter(plan, kernels: try await hostKernels.value, layout: layout)
  for step in 0..<steps {
    let sample = samples?[step] ?? step
    var generator = SeededGenerator(seed: UInt64(sample + 200))
    let input = (0..<(3 * 12 * 12)).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    try interpreter.write("input", input)
    try interpreter.write("label", littleEndianBytes([Int32(sample % 4)]))
    try interpreter.write("learning_rate", littleEndianBytes([rates?[step] ?? 0.002]))
    try interpreter.run { try observe(step, $0, interpreter) }
  }
  return Dictionary(
    uniqueKeysWithValues: try plan.state.map { ($0.name, try interpreter.read($0.name)) })
}

/// What learns, without what the optimizer keeps beside it.
private func learned(_ state: [String: [UInt8]]) -> [String: [UInt8]] {
  state.filter { name, _ in
    !name.hasSuffix("velocity") && !name.hasSuffix("gradient_sum") && name != "step_counter"
  }
}

private func floats(_ bytes: [UInt8]?) -> [Float] {
  (integers(of: bytes ?? []) as [UInt32]).map { Float(bitPattern: $0) }
}

private let kinds: [(Residual, GradientType)] = Residual.allCases.flatMap { residual in
  GradientType.allCases.map { (residual, $0) }
}

@Suite("Optimizers, in whole programs")
struct OptimizerTests {
  @Test("A gradient held whole gives the update that the fused kernel gives", arguments: kinds)
  func unfused(residual: Residual, gradients: GradientType) async throws {
    let plain = try await optimized(Optimizer(), residual, gradients)
    let expected = try await train(plain, steps: 4)
    #expect(!plain.steps.contains { $0.node.op == "conv2d_weight_gradient" })
    for clip in [Optimizer.Clip.norm(1e12), .value(1e12)] {
      let whole = try await optimized(Optimizer(clip: clip), residual, gradients)
      #expect(!whole.steps.contains { $0.node.op.contains("weight_update") })
      #expect(learned(try await train(whole, steps: 4)) == learned(expected))
    }
    let moved = try await optimized(Optimizer(momentum: 0.9), residual, gradients)
    let first = try await train(plain, steps: 1)
    #expect(learned(try await train(moved, steps: 1)) == learned(first), "the velocity starts at 0")
    #expect(learned(try await train(moved, steps: 4)) != learned(expected))
  }

  @Test("Everything at once: the arena's addresses change no bit, integers stay integers", arguments: kinds)
  func everything(residual: Residual, gradients: GradientType) async throws {
    let optimizer = Optimizer(
      schedule: .cosine(steps: 12), warmUp: 3, momentum: 0.9, clip: .norm(0.5), accumulate: 2,
      rates: ["conv2": 0.5, "head": 2], scaling: .shift)
    let plan = try await optimized(optimizer, residual, gradients)
    try plan.graph.validate()
    #expect(try Graph(text: plan.graph.text()) == plan.graph)
    let arena = try await train(plan, steps: 9)
    #expect(try await train(plan, steps: 9, layout: .separate) == arena)
    #expect(integers(of: arena["step_counter"] ?? []) as [UInt32] == [9, 0])
    #expect(floats(arena["conv1.weight.velocity"]).contains { $0 != 0 })
    #expect(floats(arena["conv1.weight.gradient_sum"]).contains { $0 != 0 })
  }

  @Test("A head of int8 takes part like every layer")
  func int8Head() async throws {
    func trained(_ optimizer: Optimizer, steps: Int) async throws -> [String: [UInt8]] {
      let options = CompileOptions(
        update: .named("bias-2"), gradients: .int16, optimizer: optimizer)
      let plan = try compile(
        try networkOfEverything(seed: 3), options, ask: try await hostKernels.value.answers)
      return try await train(plan, steps: steps)
    }
    let plain = try await trained(Optimizer(), steps: 3)
    #expect(learned(try await trained(Optimizer(clip: .norm(1e12)), steps: 3)) == learned(plain))
    #expect(learned(try await trained(Optimizer(rates: ["dense12": 2]), steps: 3)) != learned(plain))
    let moved = try await trained(Optimizer(momentum: 0.9), steps: 3)
    #expect(moved.keys.contains("dense12.weight.velocity") && learned(moved) != learned(plain))
  }

  @Test("The velocity is the running sum of gradients")
  func momentum() async throws {
    let plan = try await optimized(Optimizer(momentum: 0.75))
    var expected: [String: [Float]] = [:]
    try await train(plan, steps: 5) { _, step, interpreter in
      guard step.node.op == "momentum" else { return }
      let gradientNode = try #require(plan.steps.first { $0.node.output(0) == step.node.inputs[0] })
      #expect(gradientNode.node.op.hasSuffix("gradient"))
      let velocity = floats(try interpreter.read(step.node.inputs[1]))
      // In place, the output has taken the gradient's bytes.
      #expect(floats(try interpreter.read(step.node.outputs[0])) == velocity)
      expected[step.node.inputs[1]] = velocity
    }
    #expect(expected.count == 10)
    // A gradient that does not depend on what was learned: with rate 0, the same sample has the same one.
    var velocities: [[Float]] = []
    try await train(plan, steps: 3, samples: [1, 1, 1], rates: [0, 0, 0]) { _, step, interpreter in
      guard step.node.op == "momentum", step.node.inputs[1] == "head.weight.velocity" else { return }
      velocities.append(floats(try interpreter.read(step.node.inputs[1])))
    }
    for (index, gradient) in velocities[0].enumerated() {
      let second = gradient.addingProduct(0.75, gradient)
      #expect(velocities[1][index] == second)
      #expect(velocities[2][index] == gradient.addingProduct(0.75, second))
    }
  }

  @Test("Updates come every so many samples, from their mean")
  func accumulation() async throws {
    let plain = try await train(try await optimized(Optimizer()), steps: 2)
    let plan = try await optimized(Optimizer(accumulate: 4))
    #expect(plan.conditionalSteps?.period == 4)
    let initial = try await train(plan, steps: 0)
    let waiting = try await train(plan, steps: 3)
    #expect(learned(waiting) == learned(initial))
    #expect(floats(waiting["head.weight.gradient_sum"]).contains { $0 != 0 })
    // Four times one sample: the mean of equal gradients is exact.
    let same = try await train(plan, steps: 8, samples: (0..<11).map { $0 / 4 })
    #expect(learned(same) == learned(plain))
    #expect(floats(same["head.weight.gradient_sum"]).allSatisfy { $0 == 0 })
    #expect(learned(try await train(plan, steps: 11, samples: (0..<11).map { $0 / 4 })) == learned(plain))
  }

  @Test("A schedule gives what the same rates give, set one by one")
  func schedules() async throws {
    let schedules: [(Optimizer.Schedule, [Float])] = [
      (.constant, [0.25, 0.5, 0.75, 1, 1, 1, 1, 1]),
      (.step(every: 2, factor: 0.5), [0.25, 0.5, 0.75, 1, 1, 1, 0.5, 0.5]),
    ]
    for (schedule, factors) in schedules {
      let found = try await train(try await optimized(Optimizer(schedule: schedule, warmUp: 4)), steps: 8)
      let byHand = try await train(
        try await optimized(Optimizer()), steps: 8, rates: factors.map { Float(0.002) * $0 })
      #expect(learned(found) == learned(byHand))
    }
    let cosine = try await optimized(Optimizer(schedule: .cosine(steps: 4)))
    #expect(learned(try await train(cosine, steps: 9)) == learned(try await train(cosine, steps: 4)))
    #expect(learned(try await train(cosine, steps: 3)) != learned(try await train(cosine, steps: 4)))
  }

  @Test("A clipped step has the norm that was asked for")
  func clipNorm() async throws {
    let limit: Float = 0.01
    let plan = try await optimized(Optimizer(clip: .norm(Double(limit))))
    var (square, clipped) = (Float(0), 0.0)
    var scales: [String: [Float]] = [:]
    try await train(plan, steps: 1) { _, step, interpreter in
      switch step.node.op {
      case "sum_squares":
        square = floats(try interpreter.read(step.node.outputs[0]))[0]
        scales[step.node.inputs[0]] = step.node.input(1).map { floats(try? interpreter.read($0)) } ?? [1]
      case "clip_norm":
        let values = floats(try interpreter.read(step.node.outputs[0]))
        let scale = scales[step.node.inputs[0]] ?? []
        for (index, value) in values.enumerated() {
          clipped += Double(value * value) * Double(scale[index * scale.count / values.count])
        }
      default: break
      }
    }
    #expect(square.squareRoot() > limit)
    #expect(abs(clipped.squareRoot() - Double(limit)) < 1e-5 * Double(limit))
    let chain = plan.steps.filter { $0.node.op == "sum_squares" }.map(\.node)
    #expect(chain.count == 10 && chain[0].input(2) == nil)
    #expect(zip(chain, chain.dropFirst()).allSatisfy { $0.outputs[0] == $1.inputs[2] })
  }

  @Test("Rates are in the scales, a partly learning depthwise layer has its own channels' ones")
  func rates() async throws {
    let plain = try await optimized(Optimizer())
    let half = try await optimized(Optimizer(rates: ["conv2": 0.5, "conv3": 0.25, "head": 0.5]))
    #expect(half.steps.count == plain.steps.count + 2, "only the float head's own rate costs anything")
    func scale(_ plan: Plan, _ parameter: String) throws -> [Float] {
      let node = try #require(
        plan.graph.nodes.first { $0.phase == .update && $0.inputs.contains(parameter) })
      return try plan.graph.tensor(try #require(node.inputs.first { $0.contains("scaling") })).float32Data
    }
    for (parameter, factor) in [
      ("conv2.weight.trained", 0.5), ("conv2.bias", 0.5), ("conv3.bias", 0.25), ("conv1.weight", 1),
    ] as [(String, Float)] {
      #expect(try scale(half, parameter) == scale(plain, parameter).map { $0 * factor })
    }
    let whole = try await optimized(Optimizer(momentum: 0.5))
    let all = try scale(plain, "conv3.weight.trained")
    #expect(all.count == 16)
    #expect(try scale(whole, "conv3.weight.trained") == [all[1], all[4], all[15]])
  }

  @Test("Scaling by a shift is one power of two near the middle of the exact factors")
  func shift() async throws {
    let (exact, shift) = (try await optimized(Optimizer()), try await optimized(Optimizer(scaling: .shift)))
    #expect(exact.steps.count == shift.steps.count)
    var compared = 0
    for (own, other) in zip(exact.steps, shift.steps) where own.node.phase == .update {
      for (before, after) in zip(own.node.inputs, other.node.inputs) where before.contains("scaling") {
        let values = try exact.graph.tensor(before).float32Data.map(Double.init)
        let shifts = Set(try shift.graph.tensor(after).float32Data)
        let power = try #require(shifts.first)
        #expect(shifts.count == 1 && power.significand == 1)
        let mean = Foundation.exp(values.reduce(0) { $0 + Foundation.log($1) } / Double(values.count))
        #expect(abs(Foundation.log2(Double(power) / mean)) <= 0.5 + 1e-9)
        compared += 1
      }
    }
    #expect(compared == 8)
  }
}
