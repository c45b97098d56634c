import Graph

/// Turning values into tensors of the graph, when a node needs them as such.
extension ONNXTranslation {
  /// The shape of a value that is computed from the input.
  func shape(of name: String) throws(ImportProblem) -> [Int] {
    switch try value(name) {
    case .floatInput(let shape), .integerInput(let shape, _): return shape
    case .integers(let tensor): return try shape(ofTensor: tensor)
    case .dropped(let source): return try shape(of: source)
    case .constant(let constant): return constant.dims
    case .quantizedConstant(let constant): return constant.dims
    case .unknown: throw ImportProblem(.consequence, "")
    case .real(.dequantized(let tensor, _)), .real(.float(let tensor)): return try shape(ofTensor: tensor)
    case .real(.reshaped(_, let shape, _)): return shape
    case .real(.bounded(let source, _, _)): return try shape(of: source)
    case .real(.computed(let operation)): return operation.shape
    }
  }

  /// The quantization of the value as an int8 tensor; `nil` where a `QuantizeLinear` must decide it.
  func quantization(of name: String) throws(ImportProblem) -> Quantization? {
    switch try value(name) {
    case .integers(let tensor), .real(.dequantized(let tensor, _)):
      return try quantization(ofTensor: tensor)
    case .real(.reshaped(let source, _, _)), .real(.bounded(let source, _, _)):
      return try quantization(of: source)
    case .real(.computed(let operation)): return operation.selectsValues ? operation.keptQuantization : nil
    default: return nil
    }
  }

  /// The int8 tensor that holds the value, made where it is not there yet.
  /// - Parameter preferred: the tensor's name, should it be made.
  mutating func int8Tensor(_ name: String, as preferred: String? = nil) throws(ImportProblem) -> String {
    let output = graph.freeTensorName(preferred ?? name)
    switch try value(name) {
    case .integers(let tensor), .real(.dequantized(let tensor, _)): return tensor
    case .real(.reshaped(let source, let shape, let node)):
      let input = try int8Tensor(source)
      try define(Tensor(output, .int8, shape, quantization: try quantization(ofTensor: input)))
      append(node, "reshape", inputs: [input], outputs: [output])
      values[name] = .real(.dequantized(tensor: output, node: node))
    case .real(.bounded(let source, let bounds, let node)):
      let input = try int8Tensor(source)
      let quantization = try quantization(ofTensor: input)
      try define(Tensor(output, .int8, try shape(ofTensor: input), quantization: quantization))
      append(
        node, "clamp", inputs: [input], outputs: [output],
        attributes: ["clamp": .ints(bounds.clamp(in: quantization))])
      values[name] = .real(.dequantized(tensor: output, node: node))
    case .real(.computed(let operation)):
      guard operation.selectsValues, let quantization = operation.keptQuantization else {
        throw notQuantized(operation)
      }
      try emit(operation, as: output, quantization: quantization)
      values[name] = .real(.dequantized(tensor: output, node: operation.layer))
    case let other: throw notActivation(name, other)
    }
    return output
  }

  /// The float32 tensor that holds the value, made where it is not there yet.
  mutating func floatTensor(_ name: String) throws(ImportProblem) -> String {
    if let tensor = floatTensors[name] { return tensor }
    let output = graph.freeTensorName(name)
    switch try value(name) {
    case .real(.float(let tensor)): return tensor
    case .real(.dequantized(let tensor, let node)):
      try define(Tensor(output, .float32, try shape(ofTensor: tensor)))
      append(node, "dequantize", inputs: [tensor], outputs: [output])
    case .real(.reshaped(let source, let shape, let node)):
      let input = try floatTensor(source)
      try define(Tensor(output, .float32, shape))
      append(node, "reshape", inputs: [input], outputs: [output])
    case .real(.computed(let operation)) where operation.element == .float32:
      let result = operation.bounds == .none ? output : graph.freeTensorName("\(output).linear")
      try define(Tensor(result, .float32, operation.shape))
      append(
        operation.layer, operation.op, inputs: operation.inputs, outputs: [result],
        attributes: operation.attributes)
      if result != output {
        try appendRelu("\(operation.layer).relu", operation.bounds, of: result, to: output)
      }
    case .real(.bounded(let source, let bounds, let node)) where isFloat(source):
      try appendRelu(node, bounds, of: try floatTensor(source), to: output)
    case .real:
      let tensor = try int8Tensor(name, as: "\(name).int8")
      try define(Tensor(output, .float32, try shape(ofTensor: tensor)))
      append("\(name).dequantize", "dequantize", inputs: [tensor], outputs: [output])
    case let other: throw notActivation(name, other)
    }
    floatTensors[name] = output
    return output
  }

  /// Adds a float32 Relu, the only bounds that float32 values can have.
  private mutating func appendRelu(
    _ name: String, _ bounds: RealBounds, of input: String, to output: String
  ) throws(ImportProblem) {
    guard bounds == .relu else {
      throw ImportProblem(
        .unsupported,
        "it clips float32 values to \(bounds.lower)...\(bounds.upper); in float32, Relu is supported",
        layer: name)
    }
    try define(Tensor(output, .float32, try shape(ofTensor: input)))
    append(name, "relu", inputs: [input], outputs: [output])
  }

  /// Writes the node of a layer and its output tensor. A layer that keeps its input's quantization and has to
  /// have another gets a `requantize` node behind it.
  mutating func emit(
    _ operation: PendingOperation, as output: String, quantization: Quantization
  ) throws(ImportProblem) {
    let clamp = Attribute.ints(operation.bounds.clamp(in: quantization))
    var result = output
    var attributes = operation.attributes
    attributes["clamp"] = clamp
    if let kept = operation.keptQuantization, kept != quantization {
      result = graph.freeTensorName("\(output).pooled")
      attributes["clamp"] = [-128, 127]
      try define(Tensor(result, .int8, operation.shape, quantization: kept))
    }
    try define(Tensor(output, .int8, operation.shape, quantization: quantization))
    append(operation.layer, operation.op, inputs: operation.inputs, outputs: [result], attributes: attributes)
    guard result != output else { return }
    append(
      "\(operation.layer).requantize", "requantize", inputs: [result], outputs: [output],
      attributes: ["rounding": "tflite", "clamp": clamp], layer: operation.layer)
  }

  /// Whether the value is a float32 network's input or computed by a float32 layer.
  func isFloat(_ name: String) -> Bool {
    switch values[name] {
    case .real(.float): true
    case .real(.computed(let operation)): operation.element == .float32
    case .real(.reshaped(let source, _, _)), .real(.bounded(let source, _, _)): isFloat(source)
    default: false
    }
  }

  func notQuantized(_ operation: PendingOperation) -> ImportProblem {
    let message =
      operation.element == .float32
      ? "its weights are float32, and behind a float32 layer only dense layers with Relu are supported"
      : "its result is used as float32: a QuantizeLinear and a DequantizeLinear are missing behind it"
    return ImportProblem(.notQuantized, message, layer: operation.layer)
  }

  private func notActivation(_ name: String, _ value: ONNXValue) -> ImportProblem {
    switch value {
    case .floatInput, .real(.float):
      ImportProblem(.notQuantized, "it reads the float32 input '\(name)' without a QuantizeLinear between")
    case .integerInput:
      ImportProblem(.notQuantized, "it reads the integer input '\(name)' without a DequantizeLinear between")
    case .constant, .quantizedConstant:
      ImportProblem(.unsupported, "it reads the constant '\(name)' where a computed tensor is supported")
    case .dropped:
      ImportProblem(.unsupported, "it reads '\(name)', the result of a Softmax; only a last one is supported")
    default: ImportProblem(.consequence, "")
    }
  }
}
