import Graph

/// Gemm and MatMul: `dense` with int8 weights, `dense_f32` with float32 ones; weight `[O, I]`.
extension ONNXTranslation {
  mutating func gemm(_ node: ONNXNode) throws(ImportProblem) {
    try node.checkAttributes(["alpha", "beta", "transA", "transB"])
    for key in ["alpha", "beta"] {
      let factor = try node.float(key) ?? 1
      guard factor == 1 else { throw ImportProblem(.unsupported, "\(key) is \(factor); 1 is supported") }
    }
    guard try node.int("transA", default: 0, in: 0...1) == 0 else {
      throw ImportProblem(.unsupported, "transA is 1; 0 is supported")
    }
    let isTransposed = try node.int("transB", default: 0, in: 0...1) == 1
    try dense(node, outputsFirst: isTransposed, biasPosition: 2)
  }

  mutating func matMul(_ node: ONNXNode) throws(ImportProblem) {
    try node.checkAttributes([])
    try dense(node, outputsFirst: false, biasPosition: nil)
  }

  private mutating func dense(
    _ node: ONNXNode, outputsFirst: Bool, biasPosition: Int?
  ) throws(ImportProblem) {
    let input = try node.requiredInput(0)
    let shape = try shape(of: input)
    guard shape.count == 2, shape[0] == 1 else {
      throw ImportProblem(.unsupported, "its input is \(shape); [1, features] is supported")
    }
    let name = try node.requiredInput(1)
    if case .constant(let weight) = try value(name), case .real = try value(input) {
      try denseFloat(node, weight, features: shape[1], outputsFirst: outputsFirst, biasPosition: biasPosition)
      return
    }
    var weight = try weights(node, 1)
    if !outputsFirst {
      weight = weight.transposed()
      transposed.insert(weight.name)
    }
    try checkFeatures(weight.dims, weight.name, shape[1])
    let tensor = try int8Tensor(input)
    let bias =
      try biasPosition.map { (position) throws(ImportProblem) in try biasConstant(node, position) } ?? nil
    let biasName = try defineLayerConstants(
      weight, bias: bias, inputScale: try quantization(ofTensor: tensor).scale)
    values[try node.output()] = .real(
      .computed(
        PendingOperation(
          op: "dense", layer: node.name, inputs: [tensor, weight.name, biasName],
          attributes: ["rounding": "tflite"], shape: [1, weight.dims[0]])))
  }

  private mutating func denseFloat(
    _ node: ONNXNode, _ weight: ONNXConstant, features: Int, outputsFirst: Bool, biasPosition: Int?
  ) throws(ImportProblem) {
    var numbers = try weight.floatValues()
    guard weight.dims.count == 2 else {
      throw ImportProblem(
        .unsupported, "the weight '\(weight.name)' is \(weight.dims); a matrix is supported")
    }
    let dims = outputsFirst ? weight.dims : weight.dims.reversed()
    if !outputsFirst {
      transposed.insert(weight.name)
      numbers = transposedMatrix(numbers, rows: weight.dims[0], columns: weight.dims[1])
    }
    try checkFeatures(dims, weight.name, features)
    var inputs = [
      try floatTensor(try node.requiredInput(0)), try defineFloat(weight, dims, values: numbers), "",
    ]
    if let position = biasPosition, let name = node.input(position) {
      guard case .constant(let bias) = try value(name) else {
        throw ImportProblem(.unsupported, "the bias '\(name)' must be a float32 constant, as the weight is")
      }
      inputs[2] = try defineFloat(bias, [dims[0]], values: try bias.floatValues())
    }
    values[try node.output()] = .real(
      .computed(
        PendingOperation(
          op: "dense_f32", layer: node.name, inputs: inputs, attributes: [:], shape: [1, dims[0]],
          element: .float32)))
  }

  private func checkFeatures(_ dims: [Int], _ name: String, _ features: Int) throws(ImportProblem) {
    guard dims.count == 2, dims[1] == features, dims[0] > 0 else {
      throw ImportProblem(
        .shape, "the weight '\(name)' (outputs, inputs: \(dims)) does not fit \(features) features")
    }
  }

  /// Defines a float32 constant once.
  /// - Returns: its name.
  mutating func defineFloat(
    _ constant: ONNXConstant, _ shape: [Int], values: [Float]
  ) throws(ImportProblem) -> String {
    guard values.count == elementCount(shape) else {
      throw ImportProblem(.shape, "the constant '\(constant.name)' \(constant.dims) does not fit \(shape)")
    }
    guard values.allSatisfy(\.isFinite) else {
      throw ImportProblem(.structure, "the constant '\(constant.name)' holds a NaN or an infinity")
    }
    let tensor = Tensor(constant.name, .float32, shape, role: .constant, data: littleEndianBytes(values))
    if graph.contains(constant.name), try self.tensor(constant.name) == tensor { return constant.name }
    try define(tensor)
    return constant.name
  }
}
