import Graph

// Backward kernels of convolution. Geometry stands in the attributes (`ConvolutionShape.backwardAttributes`).

/// dx [N, C, H, W], or the same elements in the attribute `result_shape`, from g [N, O, OH, OW] and the weights. Inputs: g, weight, trained weight or absent.
let inputGradient = OperatorDefinition(
  "conv2d_input_gradient",
  outputTypes: { node, _ in gradientTypes(node, node.ints("result_shape")) },
  lower: { node, graph in
    let shape = try ConvolutionShape(backward: node)
    let (kernel, worksInPlace) = inputGradientKernel(for: shape)
    return KernelCall(
      "\(kernel)_\(GradientType(of: node).suffix)", argumentType: "tinysdk_conv2d_args",
      arguments: backwardArguments(node, shape),
      operands: gradientOperands(node, node.inputs[0])
        + splitWeightOperands(node, shape, trainedPosition: 2) + gradientOperands(node, node.outputs[0])
        + [.scratch],
      inPlace: worksInPlace ? [InPlacePair(input: node.inputs[0], output: node.outputs[0])] : [])
  },
  macs: { node, _ in try ConvolutionShape(backward: node).macs })

private func inputGradientKernel(for shape: ConvolutionShape) -> (kernel: String, worksInPlace: Bool) {
  if shape.isPointwise { return ("tinysdk_conv2d_1x1_input_gradient", shape.batch == 1) }
  guard shape.isDepthwise else { return ("tinysdk_conv2d_input_gradient", false) }
  let worksInPlace =
    shape.outChannels == shape.inChannels && shape.strides == [1, 1] && shape.inHeight == shape.outHeight
    && shape.inWidth == shape.outWidth && shape.batch == 1
  return ("tinysdk_depthwise_input_gradient", worksInPlace)
}

private func backwardArguments(_ node: Node, _ shape: ConvolutionShape) -> [KernelArgument] {
  shape.arguments(
    inputZero: node.int("input_zero"), weightZero: node.int("weight_zero"),
    trainedChannels: node.ints("trained").count)
}

/// The shape of the weight, or of the learning part of it.
private func weightShape(_ node: Node) throws -> [Int] {
  let shape = try ConvolutionShape(backward: node)
  let trained = node.ints("trained")
  guard !trained.isEmpty else { return [shape.outChannels, shape.inPerGroup] + shape.kernel }
  return shape.isDepthwise
    ? [trained.count * shape.outChannels / shape.inChannels, 1] + shape.kernel
    : [shape.outChannels, trained.count] + shape.kernel
}

/// The multiply-accumulates of the learning part.
private func weightGradientMACs(_ node: Node) throws -> Int {
  let shape = try ConvolutionShape(backward: node)
  return try weightShape(node).reduce(1, *) * shape.outHeight * shape.outWidth * shape.batch
}

/// The learning channels of a depthwise layer, as its kernels take them.
private func depthwiseOrder(_ node: Node, _ shape: ConvolutionShape) -> Operand {
  let trained = node.ints("trained")
  guard shape.isDepthwise, !trained.isEmpty else { return .null }
  return .table(channelOrder(node, trained: trained, count: shape.inChannels))
}

/// dW from g and the saved input (only the learning channels where there is a `trained` attribute).
let weightGradient = OperatorDefinition(
  "conv2d_weight_gradient",
  outputTypes: { node, _ in [TensorType(.float32, try weightShape(node))] },
  lower: { node, _ in
    let shape = try ConvolutionShape(backward: node)
    return KernelCall(
      "tinysdk_conv2d_weight_gradient_\(GradientType(of: node).suffix)", argumentType: "tinysdk_conv2d_args",
      arguments: backwardArguments(node, shape),
      operands: gradientOperands(node, node.inputs[0]) + [
        .tensor(node.inputs[1]), depthwiseOrder(node, shape),
        .tensor(node.outputs[0]),
      ])
  },
  macs: { node, _ in try weightGradientMACs(node) })

/// db [O] from g.
let biasGradient = OperatorDefinition(
  "conv2d_bias_gradient",
  outputTypes: { node, _ in [TensorType(.float32, [node.int("out_channels")])] },
  lower: { node, _ in
    let shape = try ConvolutionShape(backward: node)
    return KernelCall(
      "tinysdk_conv2d_bias_gradient_\(GradientType(of: node).suffix)", argumentType: "tinysdk_conv2d_args",
      arguments: backwardArguments(node, shape),
      operands: gradientOperands(node, node.inputs[0]) + [.tensor(node.outputs[0])])
  })

/// Weight gradient and update in one: g, saved input, weights, scale, rate, residual or absent, counter of a
/// stochastic rule or absent. Writes weights and residual.
let weightUpdate = OperatorDefinition(
  "conv2d_weight_update",
  outputTypes: { _, _ in [] }, writtenInputs: [2, 5],
  lower: { node, _ in
    let shape = try ConvolutionShape(backward: node)
    return KernelCall(
      "tinysdk_conv2d_weight_update_s8\(gradientSuffix(node))\(ruleSuffix(node))",
      argumentType: "tinysdk_conv2d_args", arguments: backwardArguments(node, shape),
      operands: gradientOperands(node, node.inputs[0]) + [
        .tensor(node.inputs[1]), depthwiseOrder(node, shape), .tensor(node.inputs[3]),
        .tensor(node.inputs[4]), .tensor(node.inputs[2]),
      ] + ruleOperands(node, residual: 5, counter: 6))
  },
  macs: { node, _ in try weightGradientMACs(node) })

/// Bias gradient and update in one: g, bias, scale, rate. Writes the bias.
let biasUpdate = OperatorDefinition(
  "conv2d_bias_update",
  outputTypes: { _, _ in [] }, writtenInputs: [1],
  lower: { node, _ in
    let shape = try ConvolutionShape(backward: node)
    return KernelCall(
      "tinysdk_conv2d_bias_update_s32\(gradientSuffix(node))", argumentType: "tinysdk_conv2d_args",
      arguments: backwardArguments(node, shape),
      operands: gradientOperands(node, node.inputs[0]) + [
        .tensor(node.inputs[2]), .tensor(node.inputs[3]), .tensor(node.inputs[1]),
      ])
  })

/// The end of an update kernel's name for the gradients that it takes.
private func gradientSuffix(_ node: Node) -> String {
  let type = GradientType(of: node)
  return type == .float32 ? "" : "_\(type.suffix)"
}
