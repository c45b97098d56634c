import Graph

/// y = max(x, 0) in float32. Works in place.
let relu = OperatorDefinition(
  "relu",
  outputTypes: { node, graph in [TensorType(.float32, try graph.tensor(node.inputs[0]).shape)] },
  gradient: { node, state in
    guard let incoming = try state.gradient(of: node.outputs[0], layer: node.layer) else { return }
    let gradient = try state.append(
      "relu_gradient", "\(node.inputs[0]).grad", inputs: [incoming, node.outputs[0]], layer: node.layer)
    state.add(gradient, to: node.inputs[0])
  },
  lower: { node, graph in try reluCall("tinysdk_relu_f32", node, graph, inPlace: [0]) })

/// dx = y > 0 ? g : 0. Inputs: g, y. Works in place on either.
let reluGradient = OperatorDefinition(
  "relu_gradient",
  outputTypes: { node, graph in [TensorType(.float32, try graph.tensor(node.inputs[0]).shape)] },
  lower: { node, graph in try reluCall("tinysdk_relu_gradient_f32", node, graph, inPlace: [0, 1]) })

private func reluCall(_ symbol: String, _ node: Node, _ graph: Graph, inPlace: [Int]) throws -> KernelCall {
  KernelCall(
    symbol, argumentType: "tinysdk_count_args",
    arguments: [.init("count", try graph.tensor(node.outputs[0]).count)],
    operands: (node.inputs + node.outputs).map(Operand.tensor),
    inPlace: inPlace.map { InPlacePair(input: node.inputs[$0], output: node.outputs[0]) })
}
