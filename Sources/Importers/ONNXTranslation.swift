import Graph

/// The state of one translation from ONNX nodes to graph nodes.
///
/// Nodes are visited in order. Each turns its input values into output values; graph nodes appear when a
/// `QuantizeLinear` (or another use) says what a result becomes.
struct ONNXTranslation {
  typealias Translator = @Sendable (inout ONNXTranslation, ONNXNode) throws(ImportProblem) -> Void

  static let translators: [String: Translator] = [
    "QuantizeLinear": { (t, node) throws(ImportProblem) in try t.quantize(node) },
    "DequantizeLinear": { (t, node) throws(ImportProblem) in try t.dequantize(node) },
    "Conv": { (t, node) throws(ImportProblem) in try t.convolve(node) },
    "Add": { (t, node) throws(ImportProblem) in try t.add(node) },
    "AveragePool": { (t, node) throws(ImportProblem) in try t.averagePool(node) },
    "GlobalAveragePool": { (t, node) throws(ImportProblem) in try t.globalAveragePool(node) },
    "MaxPool": { (t, node) throws(ImportProblem) in try t.maxPool(node) },
    "Gemm": { (t, node) throws(ImportProblem) in try t.gemm(node) },
    "MatMul": { (t, node) throws(ImportProblem) in try t.matMul(node) },
    "Relu": { (t, node) throws(ImportProblem) in try t.relu(node) },
    "Clip": { (t, node) throws(ImportProblem) in try t.clip(node) },
    "Flatten": { (t, node) throws(ImportProblem) in try t.flatten(node) },
    "Reshape": { (t, node) throws(ImportProblem) in try t.reshape(node) },
    "Squeeze": { (t, node) throws(ImportProblem) in try t.squeeze(node) },
    "Unsqueeze": { (t, node) throws(ImportProblem) in try t.unsqueeze(node) },
    "Softmax": { (t, node) throws(ImportProblem) in try t.dropLast(node) },
    "LogSoftmax": { (t, node) throws(ImportProblem) in try t.dropLast(node) },
    "Identity": { (_, _) throws(ImportProblem) in },
    "Dropout": { (_, _) throws(ImportProblem) in },
  ]

  static var supportedOperators: [String] { translators.keys.sorted() + ["Constant"] }

  let model: ONNXModel
  var graph: Graph
  var values: [String: ONNXValue] = [:]
  /// The float32 tensors made for ONNX names.
  var floatTensors: [String: String] = [:]
  var notes: [ImportNote] = []
  var problems: [ImportProblem] = []
  var transposed: Set<String> = []
  /// uint8 tensors of the file, in order of appearance.
  var unsignedTensors: [String] = []
  /// Scale and zero point tensors that were already complained about.
  var faultyParameters: Set<String> = []
  private var nodeNames: Set<String> = []

  init(_ model: ONNXModel, graphName: String) {
    self.model = model
    graph = Graph(name: graphName)
    values = model.constants.mapValues { .constant($0) }
    guard let input = model.input else { return }
    switch ONNXTensorProto.DataType(rawValue: input.type) {
    case .float: values[input.name] = .floatInput(shape: input.shape)
    case .int8: values[input.name] = .integerInput(shape: input.shape, isUnsigned: false)
    case .uint8: values[input.name] = .integerInput(shape: input.shape, isUnsigned: true)
    default:
      let type = onnxTypeName(input.type)
      problems.append(
        ImportProblem(
          .unsupported, "the input '\(input.name)' is \(type); float, int8 and uint8 are supported"))
    }
  }

  /// Translates all nodes and the output; problems are collected.
  mutating func run() {
    if model.isFloatNetwork { attempt(nil) { (t) throws(ImportProblem) in try t.defineFloatInput() } }
    for node in model.nodes { attempt(node) { (t) throws(ImportProblem) in try t.translate(node) } }
    guard problems.isEmpty, let output = model.outputs.first else { return }
    attempt(nil) { (t) throws(ImportProblem) in try t.finish(output) }
    if !unsignedTensors.isEmpty { notes.append(.shiftedUnsigned(tensors: unsignedTensors)) }
  }

  private mutating func attempt(
    _ node: ONNXNode?, _ work: (inout ONNXTranslation) throws(ImportProblem) -> Void
  ) {
    do {
      try work(&self)
    } catch {
      for output in node?.outputs ?? [] where !output.isEmpty { values[output] = .unknown }
      guard error.kind != .consequence else { return }
      var problem = error
      if problem.layer == nil {
        problem.layer = node?.name
        problem.op = node?.op
      }
      problems.append(problem)
    }
  }

  private mutating func translate(_ node: ONNXNode) throws(ImportProblem) {
    guard let translator = Self.translators[node.op] else { throw ImportProblem(.consequence, "") }
    try translator(&self, node)
  }

  /// Makes the float32 input of a float32 network a tensor of the graph.
  private mutating func defineFloatInput() throws(ImportProblem) {
    guard let input = model.input else { return }
    try define(Tensor(input.name, .float32, input.shape, role: .input))
    values[input.name] = .real(.float(input.name))
  }

  /// Makes the graph's output out of the file's.
  private mutating func finish(_ name: String) throws(ImportProblem) {
    var name = name
    while case .dropped(let source)? = values[name] { name = source }
    if case .integers(let tensor)? = values[name] {
      let output = graph.freeTensorName("\(tensor).dequantized")
      let shape = try shape(ofTensor: tensor)
      try define(Tensor(output, .float32, shape))
      append("\(tensor).dequantize", "dequantize", inputs: [tensor], outputs: [output])
      notes.append(.dequantizedOutput(tensor: tensor))
      graph.outputs = [output]
    } else {
      graph.outputs = [try floatTensor(name)]
    }
    guard !graph.tensors(role: .input).isEmpty else {
      throw ImportProblem(.structure, "the output '\(name)' does not depend on the input")
    }
  }

  /// The value of the tensor that is input `position` of `node`.
  func value(_ node: ONNXNode, _ position: Int) throws(ImportProblem) -> ONNXValue {
    try value(try node.requiredInput(position))
  }

  func value(_ name: String) throws(ImportProblem) -> ONNXValue {
    guard let value = values[name] else { throw ImportProblem(.consequence, "") }
    if case .unknown = value { throw ImportProblem(.consequence, "") }
    return value
  }

  // MARK: Writing the graph

  mutating func define(_ tensor: Tensor) throws(ImportProblem) {
    guard elementCount(tensor.shape) != nil, tensor.shape.allSatisfy({ $0 > 0 }) else {
      throw ImportProblem(.shape, "'\(tensor.name)' would have the shape \(tensor.shape)")
    }
    do {
      try graph.define(tensor)
    } catch {
      throw ImportProblem(.structure, error.description)
    }
  }

  /// Adds a node under `name`, or under `name` with a number where that is taken.
  mutating func append(
    _ name: String, _ op: String, inputs: [String], outputs: [String],
    attributes: [String: Attribute] = [:], layer: String? = nil
  ) {
    var unique = name
    var number = 2
    while !nodeNames.insert(unique).inserted {
      unique = "\(name).\(number)"
      number += 1
    }
    graph.nodes.append(
      Node(unique, op, inputs: inputs, outputs: outputs, attributes: attributes, layer: layer ?? name))
  }

  func tensor(_ name: String) throws(ImportProblem) -> Tensor {
    do {
      return try graph.tensor(name)
    } catch {
      throw ImportProblem(.structure, error.description)
    }
  }

  func shape(ofTensor name: String) throws(ImportProblem) -> [Int] { try tensor(name).shape }

  /// The quantization of an int8 tensor of the graph.
  func quantization(ofTensor name: String) throws(ImportProblem) -> Quantization {
    guard let quantization = try tensor(name).quantization else {
      throw ImportProblem(.structure, "tensor '\(name)' has no quantization")
    }
    return quantization
  }
}
