/// Little-endian numbers out of bytes; nil beyond their end.
struct ByteReader {
  let bytes: [UInt8]

  func u8(_ offset: Int) -> Int? { bytes.indices.contains(offset) ? Int(bytes[offset]) : nil }

  func u16(_ offset: Int) -> Int? {
    guard let low = u8(offset), let high = u8(offset + 1) else { return nil }
    return low | high << 8
  }

  func u32(_ offset: Int) -> Int? {
    guard let low = u16(offset), let high = u16(offset + 2) else { return nil }
    return low | high << 16
  }

  /// The zero-terminated text at `offset`.
  func text(_ offset: Int) -> String? {
    guard bytes.indices.contains(offset), let end = bytes[offset...].firstIndex(of: 0) else { return nil }
    return String(decoding: bytes[offset..<end], as: UTF8.self)
  }

  func slice(_ offset: Int, _ count: Int) -> ArraySlice<UInt8>? {
    guard offset >= 0, count >= 0, offset <= bytes.count, count <= bytes.count - offset else { return nil }
    return bytes[offset..<offset + count]
  }
}
