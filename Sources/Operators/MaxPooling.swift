import Graph

/// int8 maximum over windows. Outputs y, the position of each maximum in its plane, and a mask.
let maxPool = OperatorDefinition(
  "max_pool2d",
  outputTypes: { node, graph in
    let shape = try PoolingShape(node, input: try graph.tensor(node.inputs[0]).shape).output
    return [TensorType(.int8, shape), TensorType(.uint16, shape), TensorType(.bit, shape)]
  },
  gradient: { node, state in
    guard let incoming = try clampedGradient(node, &state, maskPosition: 2) else { return }
    let input = try state.graph.tensor(node.inputs[0])
    guard input.shape[2] * input.shape[3] <= 65_535 else {
      throw OperatorError(
        node, "planes of \(input.shape[2]) × \(input.shape[3]) are too large to train through")
    }
    let argmax = try state.requestOutput(1, of: node.name, suffix: "argmax")
    let gradient = try state.append(
      "max_pool2d_gradient", "\(input.name).grad", inputs: [incoming, argmax],
      attributes: poolingAttributes(node, input: input.shape), layer: node.layer)
    state.add(gradient, to: input.name)
  },
  lower: { node, graph in
    let shape = try PoolingShape(node, input: try graph.tensor(node.inputs[0]).shape)
    return KernelCall(
      "tinysdk_max_pool2d_s8", argumentType: "tinysdk_pool2d_args",
      arguments: shape.arguments(node, zero: try sharedZeroPoint(node, graph)),
      operands: [
        .tensor(node.inputs[0]), .tensor(node.outputs[0]), optionalOperand(node.output(1)),
        optionalOperand(node.output(2)),
      ])
  })

/// Sends each gradient to the position of its maximum.
let maxPoolGradient = OperatorDefinition(
  "max_pool2d_gradient",
  outputTypes: { node, _ in gradientTypes(node, node.ints("input_shape")) },
  lower: { node, _ in
    KernelCall(
      "tinysdk_max_pool2d_gradient_\(GradientType(of: node).suffix)", argumentType: "tinysdk_pool2d_args",
      arguments: try PoolingShape(node, input: node.ints("input_shape")).arguments(node, zero: 0),
      operands: gradientOperands(node, node.inputs[0]) + [.tensor(node.inputs[1])]
        + gradientOperands(node, node.outputs[0]))
  })
