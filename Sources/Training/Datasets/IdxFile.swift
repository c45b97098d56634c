import Foundation

/// Reads the idx format of the MNIST files: two zero bytes, the element type, the rank, big-endian sizes,
/// elements. A gzip file is decompressed first.
public enum IdxFile {
  private static let elementTypes: [UInt8: NumericArray.ElementType] = [
    0x08: .uint8, 0x09: .int8, 0x0B: .int16, 0x0C: .int32, 0x0D: .float32, 0x0E: .float64,
  ]
  private static let largestByteCount = 1 << 32

  /// - Throws: `DatasetError` naming the path, for a damaged or truncated file.
  public static func read(_ path: String) throws -> NumericArray {
    let file = try mappedContents(of: path)
    return try locatingFailure(at: path, advice: "Copy the file again.") {
      let isCompressed = file.starts(with: [0x1F, 0x8B])
      return try parse(isCompressed ? inflate(file, wrapper: .gzip, limit: largestByteCount) : file)
    }
  }

  private static func parse(_ data: Data) throws -> NumericArray {
    let header = [UInt8](data.prefix(4))
    guard header.count == 4, header.starts(with: [0, 0]), let type = elementTypes[header[2]] else {
      throw DataFailure(reason: "not an idx file")
    }
    let start = 4 + 4 * Int(header[3])
    let sizes = [UInt8](data.dropFirst(4).prefix(start - 4))
    guard sizes.count == start - 4 else { throw DataFailure(reason: "truncated inside the header") }
    let shape = stride(from: 0, to: sizes.count, by: 4).map { index in
      sizes[index..<index + 4].reduce(0) { $0 << 8 | Int($1) }
    }
    let needed = shape.reduce(type.byteCount) { $0.multipliedReportingOverflow(by: $1).partialValue }
    let body = data.dropFirst(start)
    guard shape.reduce(1.0, { $0 * Double($1) }) <= Double(body.count), body.count >= needed else {
      throw DataFailure(reason: "truncated: elements of shape \(shape) announced, \(body.count) bytes there")
    }
    return NumericArray(shape: shape, elementType: type, isBigEndian: true, bytes: body.prefix(needed))
  }
}
