import Graph

// y = clamp(((a − a_zero)·a_scale + (b − b_zero)·b_scale) / y_scale + y_zero); all of one shape.

/// int8 addition of two tensors with scales of their own (TFLite's ADD).
let residualAdd = OperatorDefinition(
  "add",
  outputTypes: { node, graph in
    let (a, b) = (try graph.tensor(node.inputs[0]), try graph.tensor(node.inputs[1]))
    guard a.shape == b.shape else {
      throw OperatorError(node, "adds \(a.shape) and \(b.shape): broadcasting is not supported")
    }
    return [TensorType(.int8, a.shape), TensorType(.bit, a.shape)]
  },
  gradient: { node, state in
    guard let incoming = try state.gradient(of: node.outputs[0], layer: node.layer) else { return }
    let outputScale = try quantization(of: try state.graph.tensor(node.outputs[0]), node).scale
    let mask = try state.requestOutput(1, of: node.name, suffix: "mask")
    for (position, input) in node.inputs.enumerated() {
      let inputScale = try quantization(of: try state.graph.tensor(input), node).scale
      let scale = try state.constant(
        "\(node.layer).effective_scale.\(position)", [Float(inputScale / outputScale)])
      let gradient = try state.append(
        "scale", "\(input).grad", inputs: [incoming, scale, mask], layer: node.layer)
      state.add(gradient, to: input)
    }
  },
  lower: lowerAdd)

/// TFLite's ADD: inputs are shifted left by this much before they are brought to a common scale.
private let leftShift = 20

private func lowerAdd(_ node: Node, _ graph: Graph) throws -> KernelCall {
  let tensors = try (node.inputs + [node.outputs[0]]).map { try graph.tensor($0) }
  let quantizations = try tensors.map { try quantization(of: $0, node) }
  let rounding = try Rounding(of: node)
  let scales = quantizations.map(\.scale)
  let doubleLargest = 2 * max(scales[0], scales[1])
  let fixed = [
    FixedPointScale(scales[0] / doubleLargest), FixedPointScale(scales[1] / doubleLargest),
    FixedPointScale(doubleLargest / (Double(1 << leftShift) * scales[2])),
  ]
  let clamp = clampRange(of: node)
  let arguments: [KernelArgument] =
    [.init("count", tensors[0].count), .init("left_shift", leftShift)]
    + zip(["input1", "input2", "output"], zip(quantizations, fixed)).flatMap { name, values in
      [
        KernelArgument("\(name)_zero", values.0.zeroPoint),
        KernelArgument("\(name)_multiplier", Int(values.1.multiplier)),
        KernelArgument("\(name)_shift", Int(values.1.shift)),
      ]
    } + [.init("clamp_min", clamp.low), .init("clamp_max", clamp.high), .init("rounding", rounding.code)]
  let inputs = node.inputs.map(Operand.tensor)
  let outputs = [Operand.tensor(node.outputs[0]), optionalOperand(node.output(1))]
  let inPlace = node.inputs.map { InPlacePair(input: $0, output: node.outputs[0]) }
  guard rounding == .exact else {
    return KernelCall(
      "tinysdk_add_s8", argumentType: "tinysdk_add_args", arguments: arguments, operands: inputs + outputs,
      inPlace: inPlace)
  }
  let table = requantizationTable(node, scales: scales, rounding: .exact)
  return KernelCall(
    "tinysdk_add_s8_exact", argumentType: "tinysdk_add_args", arguments: arguments,
    operands: inputs + [table] + outputs, inPlace: inPlace)
}
