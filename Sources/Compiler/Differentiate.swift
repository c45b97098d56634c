import Graph
import Operators

/// Where the backward half starts.
public enum GradientSeed: Sendable, Equatable, Codable {
  /// At the loss.
  case loss
  /// At the network's output, with a gradient that the caller writes into the tensor `seed`.
  case output
}

/// Appends the whole backward half: the gradient of every weight, bias and activation, by each operator's
/// own rule. What nobody needs, the prune pass removes later.
func differentiate(_ graph: Graph, seed: GradientSeed = .loss) throws -> Graph {
  var state = Differentiation(graph)
  if seed == .output, let output = graph.outputs.first {
    let shape = try graph.tensor(output).shape
    var seeded = graph
    try seeded.define(Tensor(ControlTensor.seed, .float32, shape, role: .control))
    state = Differentiation(seeded)
    state.add(ControlTensor.seed, to: output)
  }
  for node in graph.nodes.reversed() {
    try operatorDefinition(of: node).gradient?(node, &state)
  }
  return try markParameterGradients(state)
}

/// Names on every gradient node the parameter that it belongs to: the update pass finds it there.
private func markParameterGradients(_ state: Differentiation) throws -> Graph {
  var graph = state.graph
  let parameters = Dictionary(grouping: state.parameterGradients, by: \.value)
  for position in graph.nodes.indices {
    guard let output = graph.nodes[position].output(0), let owners = parameters[output] else { continue }
    graph.nodes[position].attributes["parameter"] = .string(owners[0].key)
  }
  return graph
}
