import Graph

/// QuantizeLinear and DequantizeLinear (ONNX operator specification).
extension ONNXTranslation {
  /// A `QuantizeLinear` decides what the layer before it writes.
  mutating func quantize(_ node: ONNXNode) throws(ImportProblem) {
    try node.checkAttributes(["axis", "saturate"])
    let parameters = try parameters(of: node, dataType: nil)
    let source = try node.requiredInput(0)
    let output = try node.output()
    guard parameters.quantization.axis == nil else {
      throw ImportProblem(.unsupported, "activations need one scale per tensor, it has one per channel")
    }
    guard parameters.element == .int8 else {
      throw ImportProblem(.unsupported, "it quantizes to int32; activations must be int8 or uint8")
    }
    noteUnsigned(output, parameters)
    let quantization = parameters.quantization
    switch try value(source) {
    case .floatInput(let shape): try defineInput(output, shape, quantization)
    case .dropped(let dropped): values[output] = .dropped(dropped)
    case .real(.computed(let operation)) where !operation.selectsValues:
      guard operation.element == .int8 else { throw notQuantized(operation) }
      try emit(operation, as: output, quantization: quantization)
      values[output] = .integers(output)
    case .real(let real):
      values[output] = .integers(try requantized(source, real, as: output, quantization))
    case .constant:
      throw ImportProblem(
        .unsupported, "it quantizes the constant '\(source)'; store the integers in the file (fold constants)"
      )
    default: throw ImportProblem(.structure, "it quantizes '\(source)', which is no float32 tensor")
    }
  }

  private mutating func defineInput(
    _ name: String, _ shape: [Int], _ quantization: Quantization
  ) throws(ImportProblem) {
    if let existing = graph.tensors(role: .input).first {
      guard existing.quantization == quantization else {
        throw ImportProblem(
          .unsupported, "the input is quantized a second time, with another scale or zero point")
      }
      values[name] = .integers(existing.name)
      return
    }
    try define(Tensor(name, .int8, shape, quantization: quantization, role: .input))
    values[name] = .integers(name)
  }

  /// The int8 tensor that holds a value in `wanted`: the same tensor where nothing changes.
  private mutating func requantized(
    _ source: String, _ real: ONNXRealValue, as output: String, _ wanted: Quantization
  ) throws(ImportProblem) -> String {
    let own = try quantization(of: source)
    if own == wanted { return try int8Tensor(source, as: output) }
    if case .computed(let operation) = real {
      try emit(operation, as: output, quantization: wanted)
      return output
    }
    var input = source
    var bounds = RealBounds.none
    if case .bounded(let inner, let innerBounds, _) = real { (input, bounds) = (inner, innerBounds) }
    let tensor = try int8Tensor(input)
    try define(Tensor(output, .int8, try shape(ofTensor: tensor), quantization: wanted))
    append(
      "\(output).requantize", "requantize", inputs: [tensor], outputs: [output],
      attributes: ["rounding": "tflite", "clamp": .ints(bounds.clamp(in: wanted))])
    return output
  }

  /// A `DequantizeLinear` makes real numbers of an int8 tensor, of weights or of a bias.
  mutating func dequantize(_ node: ONNXNode) throws(ImportProblem) {
    try node.checkAttributes(["axis"])
    let source = try node.requiredInput(0)
    let output = try node.output()
    switch values[source] {
    case .constant(let constant)?:
      values[output] = .quantizedConstant(try quantizedConstant(node, constant))
    case .integers(let tensor)?:
      let parameters = try parameters(of: node, dataType: nil)
      try checkSame(parameters.quantization, asTensor: tensor)
      values[output] = .real(.dequantized(tensor: tensor, node: node.name))
    case .integerInput(let shape, let isUnsigned)?:
      let parameters = try parameters(of: node, dataType: isUnsigned ? .uint8 : .int8)
      guard parameters.quantization.axis == nil else {
        throw ImportProblem(.unsupported, "activations need one scale per tensor, it has one per channel")
      }
      noteUnsigned(source, parameters)
      try define(Tensor(source, .int8, shape, quantization: parameters.quantization, role: .input))
      values[source] = .integers(source)
      values[output] = .real(.dequantized(tensor: source, node: node.name))
    case .dropped(let dropped)?: values[output] = .dropped(dropped)
    case .floatInput?, .real?, .quantizedConstant?:
      throw ImportProblem(.structure, "it dequantizes '\(source)', which is float32 already")
    case .unknown?, nil:
      _ = try parameters(of: node, dataType: nil)
      throw ImportProblem(.consequence, "")
    }
  }

  private func checkSame(_ found: Quantization, asTensor name: String) throws(ImportProblem) {
    let written = try quantization(ofTensor: name)
    guard found == written else {
      throw ImportProblem(
        .unsupported,
        "it reads '\(name)' with scale \(found.scale), zero point \(found.zeroPoint), but that was written with"
          + " scale \(written.scale), zero point \(written.zeroPoint)")
    }
  }

  private mutating func quantizedConstant(
    _ node: ONNXNode, _ constant: ONNXConstant
  ) throws(ImportProblem) -> QuantizedConstant {
    guard let type = constant.type, [.int8, .uint8, .int32].contains(type) else {
      throw ImportProblem(
        .unsupported,
        "constant '\(constant.name)' is \(constant.typeName); int8 and uint8 weights and int32 biases are supported"
      )
    }
    guard constant.count > 0 else {
      throw ImportProblem(.shape, "constant '\(constant.name)' has the empty shape \(constant.dims)")
    }
    var parameters = try parameters(of: node, dataType: type)
    if parameters.quantization.scales.count > 1 {
      let axis = try axis(of: node, rank: constant.dims.count)
      guard parameters.quantization.scales.count == constant.dims[axis] else {
        throw ImportProblem(
          .quantization,
          "'\(constant.name)' has \(constant.dims[axis]) channels on axis \(axis), its scale"
            + " '\(node.inputs[1])' has \(parameters.quantization.scales.count) values")
      }
      parameters.quantization.axis = axis
    }
    noteUnsigned(constant.name, parameters)
    var values = try constant.integerValues()
    if type == .uint8 { values = values.map { $0 - 128 } }
    return QuantizedConstant(
      name: constant.name, dims: constant.dims, values: values, element: type == .int32 ? .int32 : .int8,
      isUnsigned: type == .uint8, quantization: parameters.quantization)
  }

  private func axis(of node: ONNXNode, rank: Int) throws(ImportProblem) -> Int {
    guard rank > 0 else { throw ImportProblem(.quantization, "a scalar has no channels to have scales of") }
    let axis = try node.int("axis", default: 1, in: -rank...(rank - 1))
    return axis < 0 ? axis + rank : axis
  }

  private mutating func noteUnsigned(_ tensor: String, _ parameters: QuantizationParameters) {
    if parameters.isUnsigned { unsignedTensors.append(tensor) }
  }
}
