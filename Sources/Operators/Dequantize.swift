import Graph

/// int8 to float32: (x − zero) · scale.
let dequantize = OperatorDefinition(
  "dequantize",
  outputTypes: { node, graph in [TensorType(.float32, try graph.tensor(node.inputs[0]).shape)] },
  gradient: { node, state in
    guard let incoming = try state.gradient(of: node.outputs[0], layer: node.layer) else { return }
    let input = try state.graph.tensor(node.inputs[0])
    let scale = try state.constant(
      "\(node.layer).scale", [Float(try quantization(of: input, node).scale)])
    let gradient = try state.append(
      "scale", "\(input.name).grad", inputs: [incoming, scale, ""], layer: node.layer)
    state.add(gradient, to: input.name)
  },
  lower: { node, graph in
    let input = try graph.tensor(node.inputs[0])
    let quantization = try quantization(of: input, node)
    return KernelCall(
      "tinysdk_dequantize_f32", argumentType: "tinysdk_dequantize_args",
      arguments: [
        .init("count", input.count), .init("zero", quantization.zeroPoint),
        .init("scale", Float(quantization.scale)),
      ],
      operands: [.tensor(input.name), .tensor(node.outputs[0])])
  })
