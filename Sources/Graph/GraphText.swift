import Foundation

/// How much of the tensors' content the text form shows.
public enum GraphTextData: Sendable {
  /// All of it, in base64: the text can be read back whole.
  case complete
  /// None: short, for people and for tests that compare structure.
  case omitted
}

extension Graph {
  /// The graph as text, one tensor or node a line; `Graph(text:)` reads it back.
  ///
  ///     graph "digits"
  ///     tensor %x int8[1,1,8,8] scale 0.0625 zero -128 role input
  ///     node "conv" %y = conv2d(%x, %w, %b) {groups = 1, pads = [1, 1, 1, 1]} phase forward layer "conv"
  ///     output %y
  public func text(data: GraphTextData = .complete) -> String {
    var lines = ["graph \(quoted(name))"]
    lines += tensors.map { line(for: $0, data: data) }
    lines += nodes.map(line(for:))
    lines += outputs.map { "output \(reference($0))" }
    return lines.joined(separator: "\n") + "\n"
  }

  private func line(for tensor: Tensor, data: GraphTextData) -> String {
    var line = "tensor \(reference(tensor.name)) \(tensor.element.rawValue)"
    line += "[\(tensor.shape.map(String.init).joined(separator: ","))]"
    if let quantization = tensor.quantization { line += " \(text(of: quantization))" }
    line += " role \(tensor.role.rawValue)"
    if data == .complete, let bytes = tensor.data { line += " data \(Data(bytes).base64EncodedString())" }
    return line
  }

  private func text(of quantization: Quantization) -> String {
    guard let axis = quantization.axis else {
      return "scale \(quantization.scale) zero \(quantization.zeroPoint)"
    }
    let scales = quantization.scales.map(\.description).joined(separator: ", ")
    let zeros = quantization.zeroPoints.map(String.init).joined(separator: ", ")
    return "scale [\(scales)] zero [\(zeros)] axis \(axis)"
  }

  private func line(for node: Node) -> String {
    let outputs = node.outputs.isEmpty ? "()" : node.outputs.map(reference).joined(separator: ", ")
    let inputs = node.inputs.map(reference).joined(separator: ", ")
    let attributes = node.attributes.sorted { $0.key < $1.key }.map { "\($0.key) = \(text(of: $0.value))" }
    return
      "node \(quoted(node.name)) \(outputs) = \(node.op)(\(inputs)) {\(attributes.joined(separator: ", "))}"
      + " phase \(node.phase.rawValue) layer \(quoted(node.layer))"
  }

  private func text(of attribute: Attribute) -> String {
    switch attribute {
    case .int(let value): "\(value)"
    case .ints(let values): "[\(values.map(String.init).joined(separator: ", "))]"
    case .float(let value): "\(value)f"
    case .string(let value): quoted(value)
    }
  }

  /// `%name`, quoted where the name has characters beyond letters, digits, `.`, `_`, `-`, `/` and `:`; `_`
  /// for an absent operand.
  private func reference(_ name: String) -> String {
    if name.isEmpty { return "_" }
    let isPlain = name.utf8.allSatisfy(isNameByte)
    return isPlain ? "%\(name)" : "%\(quoted(name))"
  }

  private func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": result += "\\\(scalar)"
      case "\n": result += "\\n"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}

/// Whether a byte may stand in an unquoted tensor name.
func isNameByte(_ byte: UInt8) -> Bool {
  switch byte {
  case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"),
    UInt8(ascii: "/"), UInt8(ascii: ":"):
    true
  default: false
  }
}
