import Graph

/// What the scale and zero point of a `QuantizeLinear` or `DequantizeLinear` say.
struct QuantizationParameters {
  /// Zero points of uint8 are already shifted by 128; `axis` is 0 where there are several scales.
  var quantization: Quantization
  var element: ElementType
  var isUnsigned: Bool
}

extension ONNXTranslation {
  /// Reads and checks the parameters of `node`.
  /// - Parameter dataType: the type of the integers where it is known; else the zero point's, uint8 without
  ///   one.
  mutating func parameters(
    of node: ONNXNode, dataType: ONNXTensorProto.DataType?
  ) throws(ImportProblem) -> QuantizationParameters {
    let scaleName = try node.requiredInput(1)
    let zeroName = node.input(2)
    let scales = try scales(constantParameter(scaleName))
    var type = dataType ?? .uint8
    var zeroPoints = [Int](repeating: 0, count: scales.count)
    if let zeroName {
      let constant = try constantParameter(zeroName)
      zeroPoints = try constant.integerValues()
      guard let zeroType = constant.type, [.int8, .uint8, .int32].contains(zeroType) else {
        throw ImportProblem(
          .unsupported,
          "zero point '\(zeroName)' is \(constant.typeName); int8, uint8 and int32 are supported")
      }
      guard dataType == nil || dataType == zeroType else {
        throw ImportProblem(
          .structure, "zero point '\(zeroName)' is \(constant.typeName), the tensor is of another type")
      }
      type = zeroType
    }
    guard zeroPoints.count == scales.count else {
      throw ImportProblem(
        .quantization,
        "scale '\(scaleName)' has \(scales.count) values, zero point '\(zeroName ?? "")' has \(zeroPoints.count)"
      )
    }
    let shift = type == .uint8 ? 128 : 0
    return QuantizationParameters(
      quantization: Quantization(
        scales: scales, zeroPoints: zeroPoints.map { $0 - shift }, axis: scales.count == 1 ? nil : 0),
      element: type == .int32 ? .int32 : .int8, isUnsigned: type == .uint8)
  }

  private func constantParameter(_ name: String) throws(ImportProblem) -> ONNXConstant {
    guard case .constant(let constant)? = values[name] else {
      throw ImportProblem(
        .unsupported, "'\(name)' is computed at run time; scales and zero points must be constants")
    }
    guard constant.dims.count <= 1, constant.count > 0 else {
      throw ImportProblem(
        .unsupported, "'\(name)' has the shape \(constant.dims); one value, or one per channel, is supported")
    }
    return constant
  }

  /// The scales, all positive and finite. Each faulty tensor is reported once.
  private mutating func scales(_ constant: ONNXConstant) throws(ImportProblem) -> [Double] {
    let scales = try constant.floatValues()
    let faulty = scales.indices.filter { !(scales[$0] > 0 && scales[$0].isFinite) }
    guard let first = faulty.first else { return scales.map { Double($0) } }
    guard faultyParameters.insert(constant.name).inserted else { throw ImportProblem(.consequence, "") }
    let place = scales.count == 1 ? "" : " of channel \(first)"
    let rest = faulty.count == 1 ? "" : " (and \(faulty.count - 1) more)"
    throw ImportProblem(
      .quantization,
      "scale '\(constant.name)'\(place) is \(scales[first])\(rest); it must be positive and finite")
  }
}
