import Compiler
import Foundation
import Graph
import KernelBridge
import TestNetworks
import Testing
import Training

/// The float network of `floatNetwork` in float64.
private struct Reference {
  var parameters: [String: [Double]]
  let input: [Double]

  init(_ graph: Graph, input: [Float]) {
    parameters = Dictionary(
      uniqueKeysWithValues: graph.tensors(role: .constant).map { ($0.name, $0.float32Data.map(Double.init)) })
    self.input = input.map(Double.init)
  }

  /// Softmax cross-entropy against `label`.
  func loss(label: Int) -> Double {
    var values = input
    for layer in ["first", "second", "third"] {
      let (weight, bias) = (parameters["\(layer).weight"] ?? [], parameters["\(layer).bias"] ?? [])
      values = bias.indices.map { (output: Int) -> Double in
        values.indices.reduce(bias[output]) { $0 + weight[output * values.count + $1] * values[$1] }
      }
      if layer != "third" { values = values.map { max($0, 0) } }
    }
    let largest = values.max() ?? 0
    return log(values.reduce(0) { $0 + exp($1 - largest) }) - (values[label] - largest)
  }
}

@Test func updatesInOnePassAndGradientsHeldWholeLearnTheSame() async throws {
  let graph = try floatNetwork(seed: 9)
  let kernels = try await hostKernels.value
  var held = CompileOptions(update: .named("full"))
  held.optimizer.clip = .value(1e30)  // changes nothing, but wants every gradient
  let plans = try [CompileOptions(update: .named("full")), held].map {
    try compile(graph, $0, ask: kernels.answers)
  }
  #expect(plans.map { $0.steps.contains { $0.node.op == "dense_f32_relu_update" } } == [true, false])
  var states: [[UInt8]] = []
  for (plan, layout) in [(plans[0], PlanInterpreter.Layout.arena), (plans[0], .separate), (plans[1], .arena)]
  {
    let interpreter = try PlanInterpreter(plan, kernels: kernels, layout: layout)
    try interpreter.write("learning_rate", littleEndianBytes([Float(0.1)]))
    for step in 0..<6 {
      try interpreter.write("input", littleEndianBytes((0..<12).map { Float(($0 * step) % 5) / 4 - 0.5 }))
      try interpreter.write("label", littleEndianBytes([Int32(step % 4)]))
      try interpreter.run()
    }
    states.append(try interpreter.state())
  }
  #expect(states[0] == states[1] && states[0] == states[2])
  let initial = try plans[0].state.flatMap { try graph.tensor($0.name).data ?? [] }
  #expect(states[0] != initial)
}

@Test(arguments: [1, 2, 3] as [UInt64])
func everyFloatGradientEqualsItsFiniteDifference(seed: UInt64) async throws {
  var generator = SeededGenerator(seed: seed &+ 50)
  let graph = try floatNetwork(seed: seed)
  let input = (0..<12).map { _ in Float.random(in: -1...1, using: &generator) }
  let kernels = try await hostKernels.value
  let options = CompileOptions(update: .named("full"), purpose: .gradients(.loss))
  let interpreter = try PlanInterpreter(compile(graph, options, ask: kernels.answers), kernels: kernels)
  try interpreter.write("input", littleEndianBytes(input))
  try interpreter.write("label", littleEndianBytes([Int32(2)]))
  try interpreter.run()
  var reference = Reference(graph, input: input)
  var alive = 0
  for parameter in graph.tensors(role: .constant).map(\.name) {
    let found = (integers(of: try interpreter.read("\(parameter).grad")) as [UInt32])
      .map { Float(bitPattern: $0) }
    let original = try #require(reference.parameters[parameter])
    #expect(found.count == original.count)
    for index in original.indices {
      reference.parameters[parameter]?[index] = original[index] + 1e-5
      let above = reference.loss(label: 2)
      reference.parameters[parameter]?[index] = original[index] - 1e-5
      let below = reference.loss(label: 2)
      reference.parameters[parameter]?[index] = original[index]
      let expected = (above - below) / 2e-5
      #expect(abs(Double(found[index]) - expected) < 1e-6, "\(parameter)[\(index)]")
    }
    alive += found.contains { $0 != 0 } ? 1 : 0
  }
  #expect(alive == 6)
}
