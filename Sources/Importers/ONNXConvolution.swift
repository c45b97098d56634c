import Graph

/// Conv: `conv2d` `[x, weight, bias]`, weight `[O, I / groups, KH, KW]`.
extension ONNXTranslation {
  mutating func convolve(_ node: ONNXNode) throws(ImportProblem) {
    try node.checkAttributes(["auto_pad", "dilations", "group", "kernel_shape", "pads", "strides"])
    let weight = try weights(node, 1)
    let input = try int8Tensor(try node.requiredInput(0))
    let shape = try shape(ofTensor: input)
    guard shape.count == 4, weight.dims.count == 4 else {
      throw ImportProblem(
        .unsupported, "input \(shape) and weight \(weight.dims) are not those of a 2D convolution")
    }
    let groups = try node.int("group", default: 1, in: 1...onnxElementLimit)
    try checkChannels(weight, groups: groups, inputChannels: shape[1])
    let kernel = Array(weight.dims[2...])
    let stated = try node.ints("kernel_shape", default: kernel, in: 1...onnxElementLimit)
    guard stated == kernel else {
      throw ImportProblem(.shape, "kernel_shape is \(stated), the weight '\(weight.name)' has \(kernel)")
    }
    guard kernel.allSatisfy({ $0 <= Int(Int16.max) }) else {
      throw ImportProblem(.shape, "the kernel \(kernel) is larger than any supported")
    }
    let window = try ONNXWindow(node, kernel: kernel, input: Array(shape[2...]))
    let scale = try quantization(ofTensor: input).scale
    let bias = try defineLayerConstants(weight, bias: biasConstant(node, 2), inputScale: scale)
    var attributes = window.attributes
    attributes["dilations"] = .ints(window.dilations)
    attributes["groups"] = .int(groups)
    attributes["rounding"] = "tflite"
    values[try node.output()] = .real(
      .computed(
        PendingOperation(
          op: "conv2d", layer: node.name, inputs: [input, weight.name, bias], attributes: attributes,
          shape: window.outputShape(channels: weight.dims[0]))))
  }

  private func checkChannels(
    _ weight: QuantizedConstant, groups: Int, inputChannels: Int
  ) throws(ImportProblem) {
    let (expected, overflow) = weight.dims[1].multipliedReportingOverflow(by: groups)
    guard !overflow, expected == inputChannels, weight.dims[0] % groups == 0 else {
      throw ImportProblem(
        .shape,
        "the weight '\(weight.name)' \(weight.dims) does not fit \(inputChannels) input channels in \(groups) groups"
      )
    }
  }
}
