import Graph

/// AveragePool, GlobalAveragePool and MaxPool.
extension ONNXTranslation {
  mutating func averagePool(_ node: ONNXNode) throws(ImportProblem) {
    try node.checkAttributes([
      "auto_pad", "ceil_mode", "count_include_pad", "dilations", "kernel_shape", "pads", "strides",
    ])
    let (input, shape) = try pooledInput(node)
    let window = try window(of: node, shape: shape)
    guard window.dilations == [1, 1] else {
      throw ImportProblem(.unsupported, "dilations \(window.dilations) of an average are not supported")
    }
    let countsPadding = try node.int("count_include_pad", default: 0, in: 0...1)
    let roundsUp = try node.int("ceil_mode", default: 0, in: 0...1)
    guard countsPadding == 0 || roundsUp == 0 else {
      throw ImportProblem(.unsupported, "count_include_pad together with ceil_mode is not supported")
    }
    try pool(
      node, "average_pool2d", input, window, channels: shape[1],
      attributes: ["count_padding": .int(countsPadding), "rounding": "tflite"])
  }

  mutating func globalAveragePool(_ node: ONNXNode) throws(ImportProblem) {
    try node.checkAttributes([])
    let (input, shape) = try pooledInput(node)
    let window = try ONNXWindow(node, kernel: Array(shape[2...]), input: Array(shape[2...]))
    try pool(
      node, "average_pool2d", input, window, channels: shape[1],
      attributes: ["count_padding": 0, "rounding": "tflite"])
  }

  mutating func maxPool(_ node: ONNXNode) throws(ImportProblem) {
    try node.checkAttributes([
      "auto_pad", "ceil_mode", "dilations", "kernel_shape", "pads", "storage_order", "strides",
    ])
    let (input, shape) = try pooledInput(node)
    let window = try window(of: node, shape: shape)
    try pool(
      node, "max_pool2d", input, window, channels: shape[1],
      attributes: ["dilations": .ints(window.dilations)], selectsValues: true)
  }

  private mutating func pooledInput(_ node: ONNXNode) throws(ImportProblem) -> (String, [Int]) {
    guard node.outputs.dropFirst().allSatisfy(\.isEmpty) else {
      throw ImportProblem(.unsupported, "its second output (indices) is not supported")
    }
    let input = try int8Tensor(try node.requiredInput(0))
    let shape = try shape(ofTensor: input)
    guard shape.count == 4 else {
      throw ImportProblem(.unsupported, "the input \(shape) is not that of a 2D pooling")
    }
    return (input, shape)
  }

  private func window(of node: ONNXNode, shape: [Int]) throws(ImportProblem) -> ONNXWindow {
    guard node.attributes["kernel_shape"] != nil else {
      throw ImportProblem(.structure, "the attribute 'kernel_shape' is missing")
    }
    let kernel = try node.ints("kernel_shape", default: [1, 1], in: 1...Int(Int16.max))
    return try ONNXWindow(node, kernel: kernel, input: Array(shape[2...]))
  }

  private mutating func pool(
    _ node: ONNXNode, _ op: String, _ input: String, _ window: ONNXWindow, channels: Int,
    attributes: [String: Attribute], selectsValues: Bool = false
  ) throws(ImportProblem) {
    let padsFit = (0..<4).allSatisfy { window.pads[$0] < window.kernel[$0 % 2] * window.dilations[$0 % 2] }
    guard padsFit else {
      throw ImportProblem(
        .shape, "the padding \(window.pads) is not smaller than the kernel \(window.kernel)")
    }
    var all = attributes.merging(window.attributes) { first, _ in first }
    all["kernel"] = .ints(window.kernel)
    let operation = PendingOperation(
      op: op, layer: node.name, inputs: [input], attributes: all,
      shape: window.outputShape(channels: channels), keptQuantization: try quantization(ofTensor: input),
      selectsValues: selectsValues)
    let output = try node.output()
    guard case .integers = try value(node, 0) else {
      values[output] = .real(.computed(operation))
      return
    }
    guard selectsValues, let quantization = operation.keptQuantization else {
      throw ImportProblem(.unsupported, "it averages integers without a DequantizeLinear before it")
    }
    try emit(operation, as: output, quantization: quantization)
    values[output] = .integers(output)
  }
}
