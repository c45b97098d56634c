/// Conversions between a tensor's little-endian bytes and Swift arrays.
extension Tensor {
  /// The content as signed bytes.
  public var int8Data: [Int8] { (data ?? []).map { Int8(bitPattern: $0) } }

  /// The content as 32-bit integers.
  public var int32Data: [Int32] { integers(of: data ?? []) }

  /// The content as 32-bit floats.
  public var float32Data: [Float] {
    (integers(of: data ?? []) as [UInt32]).map { Float(bitPattern: $0) }
  }
}

/// The little-endian bytes of integers.
public func littleEndianBytes<T: FixedWidthInteger>(_ values: [T]) -> [UInt8] {
  var bytes: [UInt8] = []
  bytes.reserveCapacity(values.count * MemoryLayout<T>.size)
  for value in values {
    withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
  }
  return bytes
}

/// The little-endian bytes of floats.
public func littleEndianBytes(_ values: [Float]) -> [UInt8] {
  littleEndianBytes(values.map(\.bitPattern))
}

/// The little-endian bytes of doubles.
public func littleEndianBytes(_ values: [Double]) -> [UInt8] {
  littleEndianBytes(values.map(\.bitPattern))
}

/// The integers in little-endian bytes; a rest shorter than one integer is left out.
public func integers<T: FixedWidthInteger>(of bytes: [UInt8]) -> [T] {
  let size = MemoryLayout<T>.size
  return bytes.withUnsafeBytes { raw in
    (0..<(bytes.count / size)).map {
      T(littleEndian: raw.loadUnaligned(fromByteOffset: $0 * size, as: T.self))
    }
  }
}
