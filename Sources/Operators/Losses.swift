import Graph

// inputs  output of the network [N, K] float32 · label [N] int32 or target [N, K] float32
// outputs loss [1] · gradient of the network's output [N, K]

/// Softmax cross-entropy, mean over the batch.
let softmaxCrossEntropy = OperatorDefinition(
  "softmax_cross_entropy", outputTypes: lossTypes, gradient: passOwnGradient,
  lower: { node, graph in try lossCall("tinysdk_softmax_cross_entropy_f32", node, graph) })

/// Mean squared error over batch and elements.
let meanSquaredError = OperatorDefinition(
  "mean_squared_error", outputTypes: lossTypes, gradient: passOwnGradient,
  lower: { node, graph in try lossCall("tinysdk_mean_squared_error_f32", node, graph) })

@Sendable private func lossTypes(_ node: Node, _ graph: Graph) throws -> [TensorType] {
  [TensorType(.float32, [1]), TensorType(.float32, try graph.tensor(node.inputs[0]).shape)]
}

/// A loss kernel yields its gradient itself.
@Sendable private func passOwnGradient(_ node: Node, _ state: inout Differentiation) throws {
  state.add(try state.requestOutput(1, of: node.name, suffix: "grad"), to: node.inputs[0])
}

private func lossArguments(_ node: Node, _ graph: Graph) throws -> [KernelArgument] {
  let shape = try graph.tensor(node.inputs[0]).shape
  return [.init("batch", shape[0]), .init("classes", shape.dropFirst().reduce(1, *))]
}

private func lossCall(_ symbol: String, _ node: Node, _ graph: Graph) throws -> KernelCall {
  KernelCall(
    symbol, argumentType: "tinysdk_loss_args", arguments: try lossArguments(node, graph),
    operands: (node.inputs + node.outputs).map(Operand.tensor))
}

/// The position of the largest output: [N] int32.
let argmax = OperatorDefinition(
  "argmax",
  outputTypes: { node, graph in [TensorType(.int32, [try graph.tensor(node.inputs[0]).shape[0]])] },
  lower: { node, graph in
    KernelCall(
      "tinysdk_argmax_f32", argumentType: "tinysdk_loss_args", arguments: try lossArguments(node, graph),
      operands: [.tensor(node.inputs[0]), .tensor(node.outputs[0])])
  })
