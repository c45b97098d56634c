import Foundation

/// Reads the `.npy` format: magic, version, header length, a Python dictionary, then the elements
/// (NumPy enhancement proposal 1, versions 1.0 to 3.0).
public enum NumpyFile {
  /// - Parameter location: what errors name: a path, or a path and the member of an archive.
  /// - Throws: `DatasetError` for anything but a complete array of numbers.
  public static func parse(_ data: Data, location: String) throws -> NumericArray {
    let advice = "Write the array again with numpy.save or numpy.savez, as numbers (not objects)."
    return try locatingFailure(at: location, advice: advice) { try parse(data) }
  }

  /// Maps the file at `path` and parses it.
  public static func read(_ path: String) throws -> NumericArray {
    try parse(try mappedContents(of: path), location: path)
  }

  private static func parse(_ data: Data) throws -> NumericArray {
    let (header, bodyStart) = try splitHeader(data)
    let (elementType, isBigEndian) = try elementType(try value(of: "descr", in: header))
    let shape = try shape(try value(of: "shape", in: header))
    let needed = try byteCount(shape, elementType)
    let body = data.dropFirst(bodyStart)
    guard body.count >= needed else {
      throw DataFailure(reason: "truncated: \(needed) bytes of elements announced, \(body.count) there")
    }
    let isFortran = try value(of: "fortran_order", in: header).hasPrefix("True")
    let elements = body.prefix(needed)
    return NumericArray(
      shape: shape, elementType: elementType, isBigEndian: isBigEndian,
      bytes: isFortran ? rowMajor(elements, shape: shape, size: elementType.byteCount) : elements)
  }

  /// The header's text and the offset of the first element.
  private static func splitHeader(_ data: Data) throws -> (text: String, bodyStart: Int) {
    let bytes = [UInt8](data.prefix(12))
    guard bytes.count >= 10, bytes.starts(with: [0x93] + Array("NUMPY".utf8)) else {
      throw DataFailure(reason: "not a .npy array: the first bytes are not \\x93NUMPY")
    }
    guard (1...3).contains(bytes[6]) else {
      throw DataFailure(reason: ".npy version \(bytes[6]) is not known")
    }
    let lengthBytes = bytes[6] == 1 ? 2 : 4
    let length = bytes.dropFirst(8).prefix(lengthBytes).reversed().reduce(0) { $0 << 8 | Int($1) }
    let start = 8 + lengthBytes
    guard data.count >= start + length else { throw DataFailure(reason: "truncated inside the header") }
    let text = String(decoding: data.dropFirst(start).prefix(length), as: UTF8.self)
    return (text, start + length)
  }

  /// Whether the header announces strings (NumPy kinds U and S).
  static func holdsText(_ data: Data) -> Bool {
    let header = String(decoding: data.prefix(128), as: UTF8.self)
    guard let start = header.firstRange(of: "'descr': '")?.upperBound else { return false }
    return header[start...].dropFirst().first.map { $0 == "U" || $0 == "S" } ?? false
  }

  /// The text that follows `'key':` in the header's dictionary.
  private static func value(of key: String, in header: String) throws -> Substring {
    guard let range = header.firstRange(of: "'\(key)':") else {
      throw DataFailure(reason: "the header has no '\(key)'")
    }
    return header[range.upperBound...].drop { $0 == " " }
  }

  private static func elementType(_ text: Substring) throws -> (NumericArray.ElementType, Bool) {
    let name = text.hasPrefix("'") ? text.dropFirst().prefix { $0 != "'" } : text.prefix(24)
    guard let order = name.first, "<>|=".contains(order),
      let type = NumericArray.ElementType(rawValue: String(name.dropFirst()))
    else { throw DataFailure(reason: "element type \(name) is not a number type this reader knows") }
    return (type, order == ">")
  }

  private static func shape(_ text: Substring) throws -> [Int] {
    guard text.first == "(", let end = text.firstIndex(of: ")") else {
      throw DataFailure(reason: "the shape in the header is not a tuple")
    }
    return try text[..<end].dropFirst().split(separator: ",").compactMap { field in
      let digits = field.filter { $0 != " " }
      if digits.isEmpty { return nil }
      guard let size = Int(digits), size >= 0 else {
        throw DataFailure(reason: "the shape in the header has a bad size '\(digits)'")
      }
      return size
    }
  }

  private static func byteCount(_ shape: [Int], _ type: NumericArray.ElementType) throws -> Int {
    try shape.reduce(type.byteCount) { product, size in
      let (bytes, overflow) = product.multipliedReportingOverflow(by: size)
      if overflow { throw DataFailure(reason: "the shape \(shape) is too large") }
      return bytes
    }
  }

  /// Reorders column-major elements: source strides grow from the first dimension instead of the last.
  private static func rowMajor(_ elements: Data, shape: [Int], size: Int) -> Data {
    let source = [UInt8](elements)
    let strides = shape.reduce(into: [1]) { $0.append($0[$0.count - 1] * $1) }
    var result = Data(capacity: source.count)
    var index = [Int](repeating: 0, count: shape.count)
    for _ in 0..<source.count / size {
      let offset = zip(index, strides).reduce(0) { $0 + $1.0 * $1.1 } * size
      result.append(contentsOf: source[offset..<offset + size])
      for dimension in shape.indices.reversed() {
        index[dimension] += 1
        if index[dimension] < shape[dimension] { break }
        index[dimension] = 0
      }
    }
    return result
  }
}
