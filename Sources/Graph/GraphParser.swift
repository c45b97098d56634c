import Foundation

extension Graph {
  /// Reads the text form that `text(data: .complete)` writes.
  /// - Throws: `GraphError.syntax` with the line; the errors of `validate()`.
  public init(text: String) throws(GraphError) {
    self.init(name: "")
    for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      var scanner = GraphLineScanner(line, number: number + 1)
      if scanner.isAtEnd { continue }
      switch try scanner.word() {
      case "graph": name = try scanner.quotedString()
      case "tensor": try define(try scanner.tensor())
      case "node": nodes.append(try scanner.node())
      case "output": outputs.append(try scanner.reference())
      case let other: throw scanner.error("'\(other)' is none of graph, tensor, node, output")
      }
      guard scanner.isAtEnd else { throw scanner.error("unexpected text at the end of the line") }
    }
    try validate()
  }
}

extension GraphLineScanner {
  fileprivate mutating func tensor() throws(GraphError) -> Tensor {
    let name = try reference()
    let elementName = try word()
    guard let element = ElementType(rawValue: elementName) else {
      throw error("'\(elementName)' is no element type")
    }
    var tensor = Tensor(name, element, try intList())
    guard tensor.shape.allSatisfy({ $0 > 0 }) else { throw error("a dimension is not positive") }
    while !isAtEnd {
      switch try word() {
      case "scale": tensor.quantization = try quantization()
      case "role":
        let role = try word()
        guard let role = Tensor.Role(rawValue: role) else { throw error("'\(role)' is no role") }
        tensor.role = role
      case "data":
        guard let data = Data(base64Encoded: try word()) else { throw error("the data are not base64") }
        tensor.data = [UInt8](data)
      case let other: throw error("'\(other)' is none of scale, role, data")
      }
    }
    return tensor
  }

  private mutating func quantization() throws(GraphError) -> Quantization {
    if next("[") {
      let scales = try list { scanner throws(GraphError) in try scanner.number() }
      try expectWord("zero")
      let zeroPoints = try intList()
      try expectWord("axis")
      return Quantization(scales: scales, zeroPoints: zeroPoints, axis: try int())
    }
    let scale = try number()
    try expectWord("zero")
    return .perTensor(scale: scale, zeroPoint: try int())
  }

  fileprivate mutating func node() throws(GraphError) -> Node {
    let name = try quotedString()
    let outputs = try self.outputs()
    try expect("=")
    let op = try word()
    try expect("(")
    var inputs: [String] = []
    while !skip(")") {
      inputs.append(try reference())
      _ = skip(",")
    }
    var node = Node(name, op, inputs: inputs, outputs: outputs, attributes: try attributes())
    try expectWord("phase")
    let phase = try word()
    guard let phase = Node.Phase(rawValue: phase) else { throw error("'\(phase)' is no phase") }
    node.phase = phase
    try expectWord("layer")
    node.layer = try quotedString()
    return node
  }

  /// `%a, %b`, or `()` where a node writes no tensor of its own.
  private mutating func outputs() throws(GraphError) -> [String] {
    if skip("(") {
      try expect(")")
      return []
    }
    var outputs = [try reference()]
    while skip(",") { outputs.append(try reference()) }
    return outputs
  }

  private mutating func attributes() throws(GraphError) -> [String: Attribute] {
    var attributes: [String: Attribute] = [:]
    try expect("{")
    while !skip("}") {
      let key = try word()
      try expect("=")
      attributes[key] = try attribute()
      _ = skip(",")
    }
    return attributes
  }

  private mutating func attribute() throws(GraphError) -> Attribute {
    if next("[") { return .ints(try intList()) }
    if next("\"") { return .string(try quotedString()) }
    let text = try word()
    if text.hasSuffix("f"), let value = Double(text.dropLast()) { return .float(value) }
    if let value = Int(text) { return .int(value) }
    throw error("'\(text)' is no attribute value")
  }
}
