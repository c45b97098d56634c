import Graph

// y [N, O] = x [N, I] · Wᵀ + b in float32: the head that learns from zero.
// inputs x · weight [O, I] · bias [O] or absent

/// float32 fully connected layer.
let denseFloat = OperatorDefinition(
  "dense_f32",
  outputTypes: { node, graph in
    let (x, weight) = (try graph.tensor(node.inputs[0]), try graph.tensor(node.inputs[1]))
    guard weight.shape.count == 2, x.shape.dropFirst().reduce(1, *) == weight.shape[1] else {
      throw OperatorError(node, "weight '\(weight.name)' \(weight.shape) does not fit the input \(x.shape)")
    }
    return [TensorType(.float32, [x.shape[0], weight.shape[0]])]
  },
  gradient: { node, state in
    guard let incoming = try state.gradient(of: node.outputs[0], layer: node.layer) else { return }
    let x = try state.graph.tensor(node.inputs[0])
    let attributes: [String: Attribute] = [
      "input_shape": .ints(x.shape), "out_count": .int(try state.graph.tensor(node.inputs[1]).shape[0]),
    ]
    let inputGradient = try state.append(
      "dense_f32_input_gradient", "\(x.name).grad", inputs: [incoming, node.inputs[1]],
      attributes: attributes, layer: node.layer)
    state.add(inputGradient, to: x.name)
    let weightGradient = try state.append(
      "dense_f32_weight_gradient", "\(node.inputs[1]).grad", inputs: [incoming, x.name],
      attributes: attributes, layer: node.layer)
    state.setParameterGradient(weightGradient, of: node.inputs[1])
    if let bias = node.input(2) {
      let biasGradient = try state.append(
        "dense_f32_bias_gradient", "\(bias).grad", inputs: [incoming], attributes: attributes,
        layer: node.layer)
      state.setParameterGradient(biasGradient, of: bias)
    }
  },
  lower: { node, graph in
    let weight = try graph.tensor(node.inputs[1])
    return KernelCall(
      "tinysdk_dense_f32", argumentType: "tinysdk_dense_f32_args",
      arguments: arguments(
        batch: try graph.tensor(node.inputs[0]).shape[0], inCount: weight.shape[1], outCount: weight.shape[0]),
      operands: [
        .tensor(node.inputs[0]), .tensor(weight.name), optionalOperand(node.input(2)),
        .tensor(node.outputs[0]),
      ])
  },
  macs: { node, graph in
    try graph.tensor(node.inputs[1]).count * graph.tensor(node.inputs[0]).shape[0]
  })

private func arguments(batch: Int, inCount: Int, outCount: Int) -> [KernelArgument] {
  [.init("batch", batch), .init("in_count", inCount), .init("out_count", outCount)]
}

/// The fields of `tinysdk_dense_f32_args` for a backward node.
private func backwardArguments(_ node: Node) -> [KernelArgument] {
  let shape = node.ints("input_shape")
  return arguments(
    batch: shape.first ?? 1, inCount: shape.dropFirst().reduce(1, *), outCount: node.int("out_count"))
}

private func backwardMACs(_ node: Node, _ graph: Graph) -> Int {
  node.ints("input_shape").reduce(1, *) * node.int("out_count")
}

private func backwardCall(_ symbol: String, _ node: Node, _ operands: [String]) -> KernelCall {
  KernelCall(
    symbol, argumentType: "tinysdk_dense_f32_args", arguments: backwardArguments(node),
    operands: operands.map(Operand.tensor))
}

/// dx = gᵀ · W. Inputs: g, weight.
let denseFloatInputGradient = OperatorDefinition(
  "dense_f32_input_gradient",
  outputTypes: { node, _ in [TensorType(.float32, node.ints("input_shape"))] },
  lower: { node, _ in backwardCall("tinysdk_dense_input_gradient_f32", node, node.inputs + node.outputs) },
  macs: backwardMACs)

/// dW = g ⊗ x. Inputs: g, x.
let denseFloatWeightGradient = OperatorDefinition(
  "dense_f32_weight_gradient",
  outputTypes: { node, _ in
    [TensorType(.float32, [node.int("out_count"), node.ints("input_shape").dropFirst().reduce(1, *)])]
  },
  lower: { node, _ in backwardCall("tinysdk_dense_weight_gradient_f32", node, node.inputs + node.outputs) },
  macs: backwardMACs)

/// db = g. Inputs: g.
let denseFloatBiasGradient = OperatorDefinition(
  "dense_f32_bias_gradient",
  outputTypes: { node, _ in [TensorType(.float32, [node.int("out_count")])] },
  lower: { node, _ in backwardCall("tinysdk_dense_bias_gradient_f32", node, node.inputs + node.outputs) })

/// Gradient and update in one: g, x, weight, rate. Writes the weight.
let denseFloatWeightUpdate = OperatorDefinition(
  "dense_f32_weight_update", outputTypes: { _, _ in [] }, writtenInputs: [2],
  lower: { node, _ in
    backwardCall(
      "tinysdk_dense_weight_update_f32", node,
      [node.inputs[0], node.inputs[1], node.inputs[3], node.inputs[2]])
  },
  macs: backwardMACs)

/// A layer behind a Relu, gradients and update in one pass: g, x (the Relu's output), weight, rate. Writes
/// the weight; the output is the gradient of the Relu's input and works in place over x.
let denseFloatReluUpdate = OperatorDefinition(
  "dense_f32_relu_update",
  outputTypes: { node, _ in [TensorType(.float32, node.ints("input_shape"))] }, writtenInputs: [2],
  lower: { node, _ in
    var call = backwardCall(
      "tinysdk_dense_relu_update_f32", node,
      [node.inputs[0], node.inputs[1], node.inputs[3], node.inputs[2], node.outputs[0]])
    call.inPlace = [InPlacePair(input: node.inputs[1], output: node.outputs[0])]
    return call
  },
  macs: { 2 * backwardMACs($0, $1) })

/// Gradient and update in one: g, bias, rate. Writes the bias.
let denseFloatBiasUpdate = OperatorDefinition(
  "dense_f32_bias_update", outputTypes: { _, _ in [] }, writtenInputs: [1],
  lower: { node, _ in
    backwardCall(
      "tinysdk_dense_bias_update_f32", node, [node.inputs[0], node.inputs[2], node.inputs[1]])
  })
