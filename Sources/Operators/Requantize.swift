import Graph

/// int8 to int8 of another scale and zero point. Outputs y and a mask.
let requantize = OperatorDefinition(
  "requantize", outputTypes: sameShape, gradient: differentiateRequantize, lower: lowerRequantize)

/// Limits int8 values to `clamp`; scale and zero point stay (a ReLU or ReLU6 that no layer before it could
/// take up).
let clampOperator = OperatorDefinition(
  "clamp", outputTypes: sameShape, gradient: differentiateRequantize, lower: lowerRequantize)

@Sendable private func sameShape(_ node: Node, _ graph: Graph) throws -> [TensorType] {
  let shape = try graph.tensor(node.inputs[0]).shape
  return [TensorType(.int8, shape), TensorType(.bit, shape)]
}

/// x_scale / y_scale.
private func ratio(_ node: Node, _ graph: Graph) throws -> Double {
  try quantization(of: try graph.tensor(node.inputs[0]), node).scale
    / quantization(of: try graph.tensor(node.outputs[0]), node).scale
}

@Sendable private func differentiateRequantize(_ node: Node, _ state: inout Differentiation) throws {
  guard let incoming = try state.gradient(of: node.outputs[0], layer: node.layer) else { return }
  let mask = try state.requestOutput(1, of: node.name, suffix: "mask")
  let scale = try state.constant(
    "\(node.layer).effective_scale", [Float(try ratio(node, state.graph))])
  let gradient = try state.append(
    "scale", "\(node.inputs[0]).grad", inputs: [incoming, scale, mask], layer: node.layer)
  state.add(gradient, to: node.inputs[0])
}

@Sendable private func lowerRequantize(_ node: Node, _ graph: Graph) throws -> KernelCall {
  let (x, y) = (try graph.tensor(node.inputs[0]), try graph.tensor(node.outputs[0]))
  let rounding = try Rounding(of: node)
  let scale = try ratio(node, graph)
  let fixed = FixedPointScale(scale)
  let clamp = clampRange(of: node)
  let arguments: [KernelArgument] = [
    .init("count", x.count), .init("input_zero", try quantization(of: x, node).zeroPoint),
    .init("output_zero", try quantization(of: y, node).zeroPoint),
    .init("multiplier", Int(fixed.multiplier)), .init("shift", Int(fixed.shift)),
    .init("clamp_min", clamp.low), .init("clamp_max", clamp.high), .init("rounding", rounding.code),
  ]
  let exactScale = rounding == .exact ? [requantizationTable(node, scales: [scale], rounding: .exact)] : []
  return KernelCall(
    rounding == .exact ? "tinysdk_requantize_s8_exact" : "tinysdk_requantize_s8",
    argumentType: "tinysdk_requantize_args", arguments: arguments,
    operands: [.tensor(x.name)] + exactScale + [.tensor(y.name), optionalOperand(node.output(1))],
    inPlace: [InPlacePair(input: x.name, output: y.name)])
}
