import Graph

// y [N, O] = clamp(requantize(Σ (x − x_zero)·(w − w_zero) + b) + y_zero)
//
// inputs x [N, …] int8 · weight [O, I] int8 · bias [O] int32 or absent · trained weights or absent (see
// Convolution.swift)

/// int8 fully connected layer. Backward it is a 1×1 convolution over a 1×1 image.
let dense = OperatorDefinition(
  "dense",
  outputTypes: { node, graph in
    let shape = try denseShape(node, graph)
    let output = [shape.batch, shape.outChannels]
    return [TensorType(.int8, output), TensorType(.bit, output)]
  },
  gradient: { node, state in
    guard let incoming = try state.gradient(of: node.outputs[0], layer: node.layer) else { return }
    var shape = try denseShape(node, state.graph)
    (shape.inHeight, shape.inWidth) = (1, 1)
    try differentiateLinear(node, shape, incoming: incoming, &state)
  },
  lower: lowerDense,
  macs: { try denseShape($0, $1).macs })

private func denseShape(_ node: Node, _ graph: Graph) throws -> ConvolutionShape {
  let (x, weight) = (try graph.tensor(node.inputs[0]), try graph.tensor(node.inputs[1]))
  guard weight.shape.count == 2 else {
    throw OperatorError(node, "weight '\(weight.name)' has \(weight.shape.count) dimensions, not 2")
  }
  let trainedCount = try node.input(3).map { try graph.tensor($0).shape[1] } ?? 0
  let inCount = weight.shape[1] + trainedCount
  guard x.shape.dropFirst().reduce(1, *) == inCount else {
    throw OperatorError(
      node,
      "weight '\(weight.name)' takes \(inCount) inputs, '\(x.name)' has \(x.shape.dropFirst().reduce(1, *))")
  }
  return try ConvolutionShape(
    node, input: [x.shape[0], inCount, 1, 1], outChannels: weight.shape[0], kernel: [1, 1])
}

private func lowerDense(_ node: Node, _ graph: Graph) throws -> KernelCall {
  let shape = try denseShape(node, graph)
  let rounding = try Rounding(of: node)
  let (x, weight, y) = (
    try graph.tensor(node.inputs[0]), try graph.tensor(node.inputs[1]), try graph.tensor(node.outputs[0])
  )
  let weightQuantization = try uniformZeroQuantization(of: weight, node)
  try checkAccumulator(node, shape.inChannels)
  let scales = try effectiveScales(
    input: x, weight: weightQuantization, output: y, channels: shape.outChannels, node)
  let clamp = clampRange(of: node)
  return KernelCall(
    rounding == .exact ? "tinysdk_dense_s8_exact" : "tinysdk_dense_s8", argumentType: "tinysdk_dense_args",
    arguments: [
      .init("batch", shape.batch), .init("in_count", shape.inChannels), .init("out_count", shape.outChannels),
      .init("input_zero", try quantization(of: x, node).zeroPoint),
      .init("weight_zero", weightQuantization.zeroPoint),
      .init("output_zero", try quantization(of: y, node).zeroPoint), .init("clamp_min", clamp.low),
      .init("clamp_max", clamp.high), .init("rounding", rounding.code),
      .init("trained_channels", node.ints("trained").count),
    ],
    operands: [.tensor(x.name)] + splitWeightOperands(node, shape, trainedPosition: 3) + [
      optionalOperand(node.input(2)), requantizationTable(node, scales: scales, rounding: rounding),
      .tensor(y.name), optionalOperand(node.output(1)),
    ])
}
