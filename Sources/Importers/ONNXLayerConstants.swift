import Graph

/// Weights and biases of convolutions and dense layers.
extension ONNXTranslation {
  /// The quantized weight that is input `position` of `node`.
  func weights(_ node: ONNXNode, _ position: Int) throws(ImportProblem) -> QuantizedConstant {
    let name = try node.requiredInput(position)
    switch try value(name) {
    case .quantizedConstant(let constant) where constant.element == .int8: return constant
    case .quantizedConstant(let constant):
      throw ImportProblem(
        .unsupported, "the weight '\(constant.name)' is int32; int8 and uint8 are supported")
    case .constant(let constant):
      throw ImportProblem(
        .notQuantized,
        "the weight '\(constant.name)' is \(constant.typeName) and not behind a DequantizeLinear")
    default:
      throw ImportProblem(.unsupported, "the weight '\(name)' is computed at run time; it must be a constant")
    }
  }

  /// The int32 bias that is input `position` of `node`, if there is one.
  func biasConstant(_ node: ONNXNode, _ position: Int) throws(ImportProblem) -> QuantizedConstant? {
    guard let name = node.input(position) else { return nil }
    switch try value(name) {
    case .quantizedConstant(let constant) where constant.element == .int32: return constant
    case .quantizedConstant(let constant):
      throw ImportProblem(.unsupported, "the bias '\(constant.name)' is int8; int32 is supported")
    case .constant(let constant):
      throw ImportProblem(
        .notQuantized,
        "the bias '\(constant.name)' is \(constant.typeName); it must be int32 behind a DequantizeLinear")
    default:
      throw ImportProblem(.unsupported, "the bias '\(name)' is computed at run time; it must be a constant")
    }
  }

  /// Checks a weight (output channels first) and its bias, and defines both.
  /// - Returns: the bias tensor's name, empty without one.
  mutating func defineLayerConstants(
    _ weight: QuantizedConstant, bias: QuantizedConstant?, inputScale: Double
  ) throws(ImportProblem) -> String {
    let quantization = weight.quantization
    if let axis = quantization.axis, axis != 0 {
      throw ImportProblem(
        .unsupported,
        "the weight '\(weight.name)' has scales along axis \(axis); they must be per output channel")
    }
    guard Set(quantization.zeroPoints).count == 1 else {
      throw ImportProblem(
        .unsupported,
        "the weight '\(weight.name)' has zero points that differ between channels; one for all is supported")
    }
    try defineConstant(weight)
    guard let bias else { return "" }
    try defineBias(bias, weight: try tensor(weight.name), inputScale: inputScale)
    return bias.name
  }

  /// Checks that a bias fits the weight (output channels first) and the input, and defines it.
  mutating func defineBias(
    _ bias: QuantizedConstant, weight: Tensor, inputScale: Double
  ) throws(ImportProblem) {
    try checkBias(bias, weight: weight, inputScale: inputScale)
    try defineConstant(bias)
  }

  private func checkBias(
    _ bias: QuantizedConstant, weight: Tensor, inputScale: Double
  ) throws(ImportProblem) {
    let channels = weight.shape[0]
    guard bias.values.count == channels, bias.dims.filter({ $0 != 1 }).count <= 1 else {
      throw ImportProblem(
        .shape, "the bias '\(bias.name)' \(bias.dims) does not fit \(channels) output channels")
    }
    guard bias.quantization.zeroPoints.allSatisfy({ $0 == 0 }) else {
      throw ImportProblem(.unsupported, "the bias '\(bias.name)' has a zero point; it must be 0")
    }
    for channel in 0..<channels {
      let expected = inputScale * (weight.quantization?.scale(ofChannel: channel) ?? 1)
      let found = bias.quantization.scale(ofChannel: channel)
      guard abs(found - expected) <= 1e-5 * expected + Double(Float.leastNonzeroMagnitude) else {
        throw ImportProblem(
          .quantization,
          "the bias '\(bias.name)' has scale \(found) in channel \(channel); it must be input scale × weight scale"
            + " = \(expected)")
      }
    }
  }

  /// Defines a constant tensor; one that two layers share is defined once.
  private mutating func defineConstant(_ constant: QuantizedConstant) throws(ImportProblem) {
    var shape = constant.dims
    if constant.element == .int32 { shape = [constant.values.count] }
    var quantization = constant.quantization
    if constant.element == .int32, quantization.axis != nil { quantization.axis = 0 }
    let tensor = Tensor(
      constant.name, constant.element, shape, quantization: quantization, role: .constant,
      data: constant.bytes)
    if graph.contains(constant.name) {
      guard try self.tensor(constant.name) == tensor else {
        throw ImportProblem(.unsupported, "'\(constant.name)' is used by two layers in different ways")
      }
      return
    }
    try define(tensor)
  }
}
