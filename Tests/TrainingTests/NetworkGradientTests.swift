import Compiler
import Foundation
import Graph
import KernelBridge
import Operators
import TestNetworks
import Testing
import Training

/// An input and a network of everything with a random float head, so that a gradient reaches the first layer.
private func network(seed: UInt64, floatHead: Bool) throws -> (graph: Graph, input: [Int8]) {
  var generator = SeededGenerator(seed: seed &+ 100)
  var graph = try networkOfEverything(seed: seed)
  if floatHead {
    graph = try attachHead(graph, classes: 4)
    for name in ["head.weight", "head.bias"] {
      let count = try graph.tensor(name).count
      let values = (0..<count).map { _ in Float.random(in: -0.5...0.5, using: &generator) }
      try graph.update(name) { $0.data = littleEndianBytes(values) }
    }
  }
  let input = (0..<(3 * 12 * 12)).map { _ in Int8.random(in: .min ... .max, using: &generator) }
  return (graph, input)
}

private func gradients(
  _ graph: Graph, _ input: [Int8], _ options: CompileOptions, layout: PlanInterpreter.Layout = .arena,
  answer: (PlanInterpreter) throws -> Void
) async throws -> [String: [Float]] {
  let kernels = try await hostKernels.value
  let plan = try compile(graph, options, ask: kernels.answers)
  let interpreter = try PlanInterpreter(plan, kernels: kernels, layout: layout)
  try interpreter.write("input", input.map { UInt8(bitPattern: $0) })
  try answer(interpreter)
  try interpreter.run()
  var gradients: [String: [Float]] = [:]
  for node in plan.graph.nodes {
    guard case .string(let parameter)? = node.attributes["parameter"], let output = node.output(0) else {
      continue
    }
    gradients[parameter] = integers(of: try interpreter.read(output)).map { Float(bitPattern: $0) }
  }
  return gradients
}

private func writeLabel(_ interpreter: PlanInterpreter) throws {
  try interpreter.write("label", littleEndianBytes([Int32(2)]))
}

/// Compares some elements of every parameter's gradient with central differences; returns how many
/// parameters had a gradient that is not zero.
private func compare(
  _ gradients: [String: [Float]], _ reference: FrozenRoundingReference,
  loss: (inout FrozenRoundingReference) throws -> Double
) throws -> Int {
  var reference = reference
  _ = try loss(&reference)
  var generator = SeededGenerator(seed: 7)
  var alive = 0
  for (parameter, values) in gradients.sorted(by: { $0.key < $1.key }) {
    let largest = Double(values.map(abs).max() ?? 0)
    if largest > 0 { alive += 1 }
    let step = parameter.hasSuffix("bias") && !parameter.hasPrefix("head") ? 1.0 : 1e-3
    for _ in 0..<4 {
      let index = Int.random(in: values.indices, using: &generator)
      let original = reference.parameters[parameter]![index]
      reference.parameters[parameter]![index] = original + step
      let above = try loss(&reference)
      reference.parameters[parameter]![index] = original - step
      let below = try loss(&reference)
      reference.parameters[parameter]![index] = original
      let expected = (above - below) / (2 * step)
      #expect(
        abs(Double(values[index]) - expected) <= 2e-4 * largest + 1e-9,
        "\(parameter)[\(index)]: \(values[index]), finite difference \(expected)")
    }
  }
  return alive
}

@Test(arguments: [1, 2, 3] as [UInt64])
func everyGradientEqualsItsFiniteDifference(seed: UInt64) async throws {
  let (graph, input) = try network(seed: seed, floatHead: true)
  let options = CompileOptions(update: .named("full"), rounding: .exact, purpose: .gradients(.loss))
  let gradients = try await gradients(graph, input, options, answer: writeLabel)
  #expect(gradients.count == 18)
  let alive = try compare(gradients, FrozenRoundingReference(graph)) { try $0.loss(input: input, label: 2) }
  #expect(alive >= 16, "only \(alive) gradients are not zero")
}

@Test func anInt8HeadAndMeanSquaredErrorDifferentiateToo() async throws {
  let (graph, input) = try network(seed: 4, floatHead: false)
  let target: [Float] = [0.5, -0.25, 1, 0, -1]
  let options = CompileOptions(
    update: .named("full"), rounding: .exact, loss: .meanSquaredError, purpose: .gradients(.loss))
  let gradients = try await gradients(graph, input, options) {
    try $0.write("target", littleEndianBytes(target))
  }
  let alive = try compare(gradients, FrozenRoundingReference(graph)) {
    try $0.squaredError(input: input, target: target.map(Double.init))
  }
  #expect(alive >= 16, "only \(alive) gradients are not zero")
}

@Test(arguments: [false, true])
func aDenseLayerReadsAPlaneOfMoreThanOnePixel(requantized: Bool) async throws {
  var builder = try NetworkBuilder("flat", input: [2, 4, 4], seed: 8)
  try builder.convolution(3, kernel: [3, 3])
  if requantized { try builder.requantize() }
  try builder.dense(6)
  try builder.dense(5)
  let graph = try builder.finish()
  var generator = SeededGenerator(seed: 9)
  let input = (0..<32).map { _ in Int8.random(in: .min ... .max, using: &generator) }
  let target: [Float] = [0.5, -0.25, 1, 0, -1]
  let options = CompileOptions(
    update: .named("full"), rounding: .exact, loss: .meanSquaredError, purpose: .gradients(.loss))
  let gradients = try await gradients(graph, input, options) {
    try $0.write("target", littleEndianBytes(target))
  }
  #expect(gradients.count == 6)
  let alive = try compare(gradients, FrozenRoundingReference(graph)) {
    try $0.squaredError(input: input, target: target.map(Double.init))
  }
  #expect(alive == 6)
}

@Test func aPartialGradientIsASliceOfTheWhole() async throws {
  let (graph, input) = try network(seed: 5, floatHead: true)
  func run(_ scheme: UpdateScheme) async throws -> [String: [Float]] {
    try await gradients(
      graph, input, CompileOptions(update: .scheme(scheme), purpose: .gradients(.loss)), answer: writeLabel)
  }
  let whole = try await run(.full(8))
  let channels: [Int: [Int]] = [2: [1, 3, 6], 3: [0, 5, 11], 5: [1, 2], 7: [7, 30]]
  let partial = try await run(
    UpdateScheme(name: "some", biases: [], weights: channels.mapValues { .list($0) }))
  for (layer, picked) in channels {
    let name = layer == 7 ? "dense11.weight" : "conv\(layer == 5 ? 6 : layer).weight"
    let expected = slice(whole[name]!, try graph.tensor(name).shape, picked, isDepthwise: layer == 3)
    #expect(partial[name] == expected, "\(name)")
  }
}

/// The picked positions of a weight gradient's input-channel axis (channel axis, where depthwise).
private func slice(_ values: [Float], _ shape: [Int], _ picked: [Int], isDepthwise: Bool) -> [Float] {
  let outer = isDepthwise ? 1 : shape[0]
  let axis = isDepthwise ? shape[0] : shape[1]
  let inner = values.count / (outer * axis)
  var result: [Float] = []
  for out in 0..<outer {
    for position in picked {
      let start = (out * axis + position) * inner
      result += values[start..<(start + inner)]
    }
  }
  return result
}

@Test(arguments: ["head", "bias-4", "last-3", "full"])
func theArenaChangesNoBit(update: String) async throws {
  let kernels = try await hostKernels.value
  let (graph, input) = try network(seed: 6, floatHead: true)
  let plan = try compile(graph, CompileOptions(update: .named(update)), ask: kernels.answers)
  let states = try [PlanInterpreter.Layout.arena, .separate].map { layout in
    let interpreter = try PlanInterpreter(plan, kernels: kernels, layout: layout)
    try interpreter.write("learning_rate", littleEndianBytes([Float(0.001)]))
    for step in 0..<5 {
      try interpreter.write("input", input.map { UInt8(bitPattern: $0 ^ Int8(step)) })
      try interpreter.write("label", littleEndianBytes([Int32(step % 4)]))
      try interpreter.run()
    }
    return try interpreter.state()
  }
  #expect(states[0] == states[1])
  var initial: [UInt8] = []
  for tensor in plan.state {
    initial += try plan.graph.tensor(tensor.name).data ?? [UInt8](repeating: 0, count: tensor.bytes)
  }
  #expect(states[0] != initial, "nothing was learned")
}

@Test(arguments: [(GradientType.int16, Float(0.02)), (.int8, Float(0.25))])
func integerGradientsApproachTheFloatOnes(type: GradientType, tolerance: Float) async throws {
  let (graph, input) = try network(seed: 6, floatHead: true)
  var options = CompileOptions(update: .named("full"), purpose: .gradients(.loss))
  let exact = try await gradients(graph, input, options, answer: writeLabel)
  options.gradients = type
  let found = try await gradients(graph, input, options, answer: writeLabel)
  let apart = try await gradients(graph, input, options, layout: .separate, answer: writeLabel)
  #expect(found == apart, "the arena's addresses make no difference")
  #expect(found.keys == exact.keys)
  for (parameter, values) in exact {
    let integers = try #require(found[parameter])
    let length = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
    let error = zip(values, integers).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
    #expect(error <= tolerance * length, "\(parameter): \(error) of \(length)")
    if length > 0, !parameter.hasPrefix("head") { #expect(error > 0, "\(parameter) did not change") }
  }
}
