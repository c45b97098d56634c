import Compiler
import Graph
import TestNetworks
import Testing

/// Reshapes to every rank, around what works element by element.
struct FoldTests {
  private func plan(_ graph: Graph, _ update: String = "full") throws -> Plan {
    try compile(graph, CompileOptions(update: .named(update))) { queries in
      KernelCatalog(scratchBytes: Dictionary(uniqueKeysWithValues: queries.map { ($0, 0) }))
    }
  }

  /// The network with a reshape to `shape` before the node `name` and one back behind it.
  private func reshaped(_ graph: Graph, around name: String, to shape: [Int]) throws -> Graph {
    var graph = graph
    let position = try #require(graph.nodes.firstIndex { $0.name == name })
    let (source, result) = (graph.nodes[position].inputs[0], graph.nodes[position].outputs[0])
    for (tensor, other) in [(source, "\(source).other"), (result, "\(result).other")] {
      let like = try graph.tensor(tensor)
      try graph.define(Tensor(other, like.element, shape, quantization: like.quantization))
    }
    graph.nodes[position].inputs[0] = "\(source).other"
    graph.nodes[position].outputs[0] = "\(result).other"
    graph.nodes.insert(
      Node("\(name).back", "reshape", inputs: ["\(result).other"], outputs: [result]), at: position + 1)
    graph.nodes.insert(
      Node("\(name).there", "reshape", inputs: [source], outputs: ["\(source).other"]), at: position)
    try graph.validate()
    return graph
  }

  /// A step without its tensors' names.
  private func work(_ plan: Plan) -> [String] {
    plan.steps.map { "\($0.node.layer) \($0.contract) \($0.call.argumentBytes)" }
  }

  @Test(arguments: [[9], [1, 3, 3], [3, 3], [1, 9, 1, 1], [9, 1]])
  func reluInAnotherRank(shape: [Int]) throws {
    let plain = try floatNetwork()
    let network = try reshaped(plain, around: "first.relu", to: shape)
    for update in ["head", "bias-2", "full"] {
      let (plan, expected) = (try plan(network, update), try plan(plain, update))
      #expect(work(plan) == work(expected), "\(shape), \(update)")
      #expect(plan.arena.bytes == expected.arena.bytes)
    }
  }

  @Test func integersInAnotherRank() throws {
    var builder = try NetworkBuilder("clamped", input: [2, 2, 2])
    try builder.convolution(3)
    try builder.requantize()
    try builder.dense(4)
    let plain = try builder.finish()
    let requantize = try #require(plain.nodes.first { $0.op == "requantize" }).name
    let network = try reshaped(plain, around: requantize, to: [1, 12])
    for update in ["head", "bias-1", "full"] {
      #expect(try work(plan(network, update)) == work(plan(plain, update)))
    }
    let flat = try reshaped(plain, around: "dequantize", to: [4])
    #expect(try work(plan(flat, "head")) == work(plan(plain, "head")))
  }
}
