/// Builds a frame's payload; all numbers are little-endian.
struct PayloadWriter {
  private(set) var bytes: [UInt8] = []

  init(reserving capacity: Int = 0) {
    bytes.reserveCapacity(capacity)
  }

  mutating func append<Number: FixedWidthInteger>(_ value: Number) {
    withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
  }

  mutating func append(_ value: Float) {
    append(value.bitPattern)
  }

  mutating func append(contentsOf values: [UInt8]) {
    bytes.append(contentsOf: values)
  }

  mutating func append(contentsOf values: [Int8]) {
    values.withUnsafeBytes { bytes.append(contentsOf: $0) }
  }
}

/// Takes a payload apart, from its beginning to its end. Reading past the end gives nil.
struct PayloadReader {
  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  var remaining: Int { bytes.count - position }

  mutating func read<Number: FixedWidthInteger>(_ type: Number.Type = Number.self) -> Number? {
    let size = MemoryLayout<Number>.size
    guard remaining >= size else { return nil }
    defer { position += size }
    return bytes.withUnsafeBytes {
      Number(littleEndian: $0.loadUnaligned(fromByteOffset: position, as: Number.self))
    }
  }

  mutating func readFloat() -> Float? {
    read(UInt32.self).map(Float.init(bitPattern:))
  }

  mutating func readBytes(_ count: Int) -> [UInt8]? {
    guard count >= 0, remaining >= count else { return nil }
    defer { position += count }
    return Array(bytes[position..<position + count])
  }

  mutating func readText() -> String {
    String(decoding: readBytes(remaining) ?? [], as: UTF8.self)
  }
}
