import Graph
import Operators

/// The C initializer list of little-endian data, wrapped at about 110 columns.
func initializer(of bytes: [UInt8], _ element: ElementType) -> String {
  switch element {
  case .int8: wrapped((bytes.map { Int8(bitPattern: $0) }).map(String.init))
  case .bit, .uint8: wrapped(bytes.map(String.init))
  case .int16: wrapped((integers(of: bytes) as [Int16]).map(String.init))
  case .uint16: wrapped((integers(of: bytes) as [UInt16]).map(String.init))
  case .uint32: wrapped((integers(of: bytes) as [UInt32]).map { "\($0)u" })
  case .int32: wrapped((integers(of: bytes) as [Int32]).map(literal))
  case .float32: wrapped((integers(of: bytes) as [UInt32]).map { literal(Float(bitPattern: $0)) })
  }
}

/// The C initializer list of a table.
func initializer(of table: ConstantTable) -> String {
  switch table.element {
  case .int16: return wrapped((integers(of: table.bytes) as [Int16]).map(String.init))
  case .uint16: return wrapped((integers(of: table.bytes) as [UInt16]).map(String.init))
  case .float64:
    return wrapped((integers(of: table.bytes) as [UInt64]).map { hexadecimal(Double(bitPattern: $0)) })
  case .requantization:
    let values = integers(of: table.bytes) as [Int32]
    return wrapped(
      stride(from: 0, to: values.count - 1, by: 2).map { "{\(literal(values[$0])), \(values[$0 + 1])}" })
  }
}

/// −2³¹ has no literal of its own in C.
func literal(_ value: Int32) -> String {
  value == .min ? "INT32_MIN" : String(value)
}

/// Exact to the bit, and readable where the number is short.
func literal(_ value: Float) -> String {
  if value == 0 { return value.sign == .minus ? "-0.0f" : "0.0f" }
  let decimal = value.description
  return decimal.contains("e") || decimal.contains("inf") || decimal.contains("nan")
    ? hexadecimal(Double(value)) + "f" : decimal + "f"
}

/// C99 hexadecimal floating point.
private func hexadecimal(_ value: Double) -> String {
  if value == 0 { return "0x0p+0" }
  let bits = String(value.significandBitPattern, radix: 16)
  let padded = String(repeating: "0", count: 13 - bits.count) + bits
  return "\(value.sign == .minus ? "-" : "")0x1.\(padded)p\(value.exponent)"
}

private func wrapped(_ values: [String]) -> String {
  var lines: [String] = []
  var line = " "
  for value in values {
    if line.utf8.count + value.utf8.count > 108 {
      lines.append(line)
      line = " "
    }
    line += " \(value),"
  }
  return (lines + [line]).joined(separator: "\n")
}

/// The C type of one element.
func cType(_ element: ElementType) -> String {
  switch element {
  case .int8: "int8_t"
  case .bit, .uint8: "uint8_t"
  case .int16: "int16_t"
  case .uint16: "uint16_t"
  case .int32: "int32_t"
  case .uint32: "uint32_t"
  case .float32: "float"
  }
}

func cType(_ element: ConstantTable.Element) -> String {
  switch element {
  case .requantization: "tinysdk_requantization"
  case .int16: "int16_t"
  case .uint16: "uint16_t"
  case .float64: "double"
  }
}
