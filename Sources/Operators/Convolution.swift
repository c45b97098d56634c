import Graph

// y = clamp(requantize(Σ (x − x_zero)·(w − w_zero) + b) + y_zero)
//
// inputs x [N, C, H, W] int8 · weight [O, C / groups, KH, KW] int8 · bias [O] int32 or absent · trained
// weights or absent outputs y [N, O, OH, OW] int8 · mask (bit): which sums stayed inside the clamp
//
// With attribute `trained`, only those positions of the weight's input-channel axis (of the channel axis,
// where depthwise) learn: they stand in the fourth input, the others in the second; both tensors keep the
// scales of all output channels.

/// int8 convolution, any kernel, stride, padding, dilation and groups.
let convolution = OperatorDefinition(
  "conv2d",
  outputTypes: { node, graph in
    let shape = try forwardShape(node, graph).outputShape
    return [TensorType(.int8, shape), TensorType(.bit, shape)]
  },
  gradient: differentiateConvolution,
  lower: lowerConvolution,
  macs: { try forwardShape($0, $1).macs })

/// The geometry of a forward node, its weight tensors checked against it.
private func forwardShape(_ node: Node, _ graph: Graph) throws -> ConvolutionShape {
  let weight = try graph.tensor(node.inputs[1])
  guard weight.shape.count == 4 else {
    throw OperatorError(node, "weight '\(weight.name)' has \(weight.shape.count) dimensions, not 4")
  }
  let input = try graph.tensor(node.inputs[0])
  let trained = try node.input(3).map { try graph.tensor($0) }
  let groups = node.int("groups", default: 1)
  let isDepthwise = input.shape.count > 1 && groups == input.shape[1] && groups > 1
  let outChannels = weight.shape[0] + (isDepthwise ? trained?.shape[0] ?? 0 : 0)
  let shape = try ConvolutionShape(
    node, input: input.shape, outChannels: outChannels, kernel: Array(weight.shape[2...]))
  let inPerGroup = weight.shape[1] + (isDepthwise ? 0 : trained?.shape[1] ?? 0)
  guard inPerGroup == shape.inPerGroup else {
    throw OperatorError(
      node,
      "weight '\(weight.name)' is made for \(inPerGroup) channels a group, the input has \(shape.inPerGroup)")
  }
  return shape
}

/// x_scale · w_scale / y_scale per output channel.
func effectiveScales(input: Tensor, weight: Quantization, output: Tensor, channels: Int, _ node: Node) throws
  -> [Double]
{
  let inputScale = try quantization(of: input, node).scale
  let outputScale = try quantization(of: output, node).scale
  return (0..<channels).map { inputScale * weight.scale(ofChannel: $0) / outputScale }
}

private func lowerConvolution(_ node: Node, _ graph: Graph) throws -> KernelCall {
  let shape = try forwardShape(node, graph)
  let rounding = try Rounding(of: node)
  let (x, weight, y) = (
    try graph.tensor(node.inputs[0]), try graph.tensor(node.inputs[1]), try graph.tensor(node.outputs[0])
  )
  let weightQuantization = try uniformZeroQuantization(of: weight, node)
  try checkAccumulator(node, shape.inPerGroup * shape.kernel[0] * shape.kernel[1])
  let scales = try effectiveScales(
    input: x, weight: weightQuantization, output: y, channels: shape.outChannels, node)
  let arguments = shape.arguments(
    inputZero: try quantization(of: x, node).zeroPoint, weightZero: weightQuantization.zeroPoint,
    outputZero: try quantization(of: y, node).zeroPoint, clamp: clampRange(of: node), rounding: rounding,
    trainedChannels: node.ints("trained").count)
  let operands: [Operand] =
    [.tensor(x.name)] + splitWeightOperands(node, shape, trainedPosition: 3) + [
      optionalOperand(node.input(2)), requantizationTable(node, scales: scales, rounding: rounding),
      .tensor(y.name), optionalOperand(node.output(1)),
    ]
  if rounding == .exact {
    return KernelCall(
      "tinysdk_conv2d_s8_exact", argumentType: "tinysdk_conv2d_args", arguments: arguments, operands: operands
    )
  }
  let (symbol, worksInPlace) = forwardKernel(for: shape)
  return KernelCall(
    symbol, argumentType: "tinysdk_conv2d_args", arguments: arguments, operands: operands + [.scratch],
    inPlace: worksInPlace ? [InPlacePair(input: x.name, output: y.name)] : [])
}

private func forwardKernel(for shape: ConvolutionShape) -> (symbol: String, worksInPlace: Bool) {
  if shape.isPointwise { return ("tinysdk_conv2d_1x1_s8", shape.batch == 1) }
  guard shape.isDepthwise else { return ("tinysdk_conv2d_s8", false) }
  let multiplier = shape.outChannels / shape.inChannels
  let fits = multiplier * shape.outHeight * shape.outWidth <= shape.inHeight * shape.inWidth
  return ("tinysdk_depthwise_conv2d_s8", fits && shape.batch == 1)
}

/// The quantization of a weight.
/// - Throws: `OperatorError` where its zero points differ by channel.
func uniformZeroQuantization(of weight: Tensor, _ node: Node) throws -> Quantization {
  let own = try quantization(of: weight, node)
  guard Set(own.zeroPoints).count == 1 else {
    throw OperatorError(node, "weight '\(weight.name)' has zero points that differ by channel")
  }
  return own
}

/// Refuses a layer whose products may sum to more than 32 bits hold, whatever its weights become.
func checkAccumulator(_ node: Node, _ products: Int) throws {
  let largest = products * 255 * 255
  guard largest <= Int(Int32.max) else {
    throw OperatorError(
      node, "\(products) products of a channel may overflow a 32-bit sum (at most 33,025 fit)")
  }
}

/// Weight, trained weight and channel order, as the kernels take them.
func splitWeightOperands(_ node: Node, _ shape: ConvolutionShape, trainedPosition: Int) -> [Operand] {
  let trained = node.ints("trained")
  guard !trained.isEmpty, let trainedTensor = node.input(trainedPosition) else {
    return [.tensor(node.inputs[1]), .null, .null]
  }
  let axisCount = shape.isDepthwise ? shape.inChannels : shape.inPerGroup
  return [
    .tensor(node.inputs[1]), .tensor(trainedTensor),
    .table(channelOrder(node, trained: trained, count: axisCount)),
  ]
}

/// First the learning positions of an axis, then the frozen ones.
func channelOrder(_ node: Node, trained: [Int], count: Int) -> ConstantTable {
  let learning = Set(trained)
  let order = trained + (0..<count).filter { !learning.contains($0) }
  return ConstantTable(
    name: "\(node.layer).channel_order", element: .uint16, bytes: littleEndianBytes(order.map(UInt16.init)))
}

func optionalOperand(_ name: String?) -> Operand {
  name.map(Operand.tensor) ?? .null
}

/// g = dy · mask · effective scale; dx, dW and db from g (the paper's straight-through gradient, section
/// 3.1).
private func differentiateConvolution(_ node: Node, _ state: inout Differentiation) throws {
  guard let incoming = try state.gradient(of: node.outputs[0], layer: node.layer) else { return }
  let shape = try forwardShape(node, state.graph)
  try differentiateLinear(node, shape, incoming: incoming, &state)
}

/// The backward half that convolution and dense share.
func differentiateLinear(
  _ node: Node, _ shape: ConvolutionShape, incoming: String, _ state: inout Differentiation
) throws {
  let layer = node.layer
  let (x, weight) = (try state.graph.tensor(node.inputs[0]), try state.graph.tensor(node.inputs[1]))
  let weightQuantization = try uniformZeroQuantization(of: weight, node)
  let scales = try effectiveScales(
    input: x, weight: weightQuantization, output: try state.graph.tensor(node.outputs[0]),
    channels: shape.outChannels, node)
  let scale = try state.constant("\(layer).effective_scale", scales.map { Float($0) })
  let mask = try state.requestOutput(1, of: node.name, suffix: "mask")
  let gradient = try state.append(
    "scale", "\(layer).sum.grad", inputs: [incoming, scale, mask], layer: layer)
  var attributes = shape.backwardAttributes
  attributes["weight_zero"] = .int(weightQuantization.zeroPoint)
  attributes["input_zero"] = .int(try quantization(of: x, node).zeroPoint)
  if x.role != .constant {
    // A dense layer reads a plane as a vector; the gradient is the plane's.
    var inputAttributes = attributes
    inputAttributes["result_shape"] = .ints(x.shape)
    let inputGradient = try state.append(
      "conv2d_input_gradient", "\(x.name).grad", inputs: [gradient, weight.name],
      attributes: inputAttributes, layer: layer)
    state.add(inputGradient, to: x.name)
  }
  let weightGradient = try state.append(
    "conv2d_weight_gradient", "\(weight.name).grad", inputs: [gradient, x.name], attributes: attributes,
    layer: layer)
  state.setParameterGradient(weightGradient, of: weight.name)
  if let bias = node.input(2) {
    let biasGradient = try state.append(
      "conv2d_bias_gradient", "\(bias).grad", inputs: [gradient], attributes: attributes, layer: layer)
    state.setParameterGradient(biasGradient, of: bias)
  }
}
