import Graph

/// int8 average over windows; without a `kernel` attribute, over the whole plane. Outputs y and a mask.
let averagePool = OperatorDefinition(
  "average_pool2d",
  outputTypes: { node, graph in
    let shape = try PoolingShape(node, input: try graph.tensor(node.inputs[0]).shape).output
    return [TensorType(.int8, shape), TensorType(.bit, shape)]
  },
  gradient: { node, state in
    guard let incoming = try clampedGradient(node, &state, maskPosition: 1) else { return }
    let input = try state.graph.tensor(node.inputs[0])
    let gradient = try state.append(
      "average_pool2d_gradient", "\(input.name).grad", inputs: [incoming],
      attributes: poolingAttributes(node, input: input.shape), layer: node.layer)
    state.add(gradient, to: input.name)
  },
  lower: { node, graph in
    let shape = try PoolingShape(node, input: try graph.tensor(node.inputs[0]).shape)
    let suffix = try Rounding(of: node) == .exact ? "_exact" : ""
    return KernelCall(
      "tinysdk_average_pool2d_s8\(suffix)", argumentType: "tinysdk_pool2d_args",
      arguments: shape.arguments(node, zero: try sharedZeroPoint(node, graph)),
      operands: [.tensor(node.inputs[0]), .tensor(node.outputs[0]), optionalOperand(node.output(1))])
  })

/// Spreads each gradient evenly over its window.
let averagePoolGradient = OperatorDefinition(
  "average_pool2d_gradient",
  outputTypes: { node, _ in gradientTypes(node, node.ints("input_shape")) },
  lower: { node, _ in
    let type = GradientType(of: node)
    let shape = try PoolingShape(node, input: node.ints("input_shape"))
    return KernelCall(
      "tinysdk_average_pool2d_gradient_\(type.suffix)",
      argumentType: type == .float32 ? "tinysdk_pool2d_args" : "tinysdk_average_pool2d_gradient_args",
      arguments: type == .float32
        ? shape.arguments(node, zero: 0) : shape.shareArguments(node, bits: type.bits),
      operands: gradientOperands(node, node.inputs[0]) + gradientOperands(node, node.outputs[0]))
  })
