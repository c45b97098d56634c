import CZlib

/// CRC-32 of IEEE 802.3.
func crc32(_ bytes: some Collection<UInt8>) -> UInt32 {
  let sum = bytes.withContiguousStorageIfAvailable {
    CZlib.crc32(0, $0.baseAddress, UInt32($0.count))
  }
  return UInt32(
    truncatingIfNeeded: sum
      ?? Array(bytes).withUnsafeBufferPointer {
        CZlib.crc32(0, $0.baseAddress, UInt32($0.count))
      })
}

extension Frame {
  /// The frame as it travels.
  public func encoded() -> [UInt8] {
    var writer = PayloadWriter(reserving: Frame.headerBytes + payload.count + 4)
    writer.append(contentsOf: Frame.magic)
    writer.append(kind.rawValue)
    writer.append(UInt8(0))
    writer.append(sequence)
    writer.append(UInt32(payload.count))
    writer.append(crc32(writer.bytes))
    writer.append(contentsOf: payload)
    writer.append(crc32(payload))
    return writer.bytes
  }
}

/// Finds frames in a stream of bytes that arrives in pieces of any size.
public struct FrameDecoder: Sendable {
  /// What was found next.
  public enum Event: Sendable, Equatable {
    case frame(Frame)
    /// Bytes that are no frame, or a damaged one; reported once until the next good frame.
    case corrupt
  }

  /// A longer payload than any sender has: the header is taken for noise.
  public static let largestPayload = 1 << 26

  private var buffer: [UInt8] = []
  private var start = 0
  private var lost = false

  public init() {}

  public mutating func append(_ bytes: [UInt8]) {
    if start > 0 {
      buffer.removeFirst(start)
      start = 0
    }
    buffer.append(contentsOf: bytes)
  }

  /// The next event in the bytes so far; nil when more are needed.
  public mutating func next() -> Event? {
    while true {
      if skipToMagic() { return .corrupt }
      guard buffer.count - start >= Frame.headerBytes else { return nil }
      guard let header = header() else {
        start += 1
        if lose() { return .corrupt }
        continue
      }
      let end = start + Frame.headerBytes + header.length + 4
      guard buffer.count >= end else { return nil }
      defer { start = end }
      return take(header, end: end)
    }
  }

  private struct Header {
    var kind: Frame.Kind
    var sequence: UInt16
    var length: Int
  }

  /// True the first time since the last good frame.
  private mutating func lose() -> Bool {
    defer { lost = true }
    return !lost
  }

  /// Moves to the first byte that may begin a frame. True when that skipped something worth reporting.
  private mutating func skipToMagic() -> Bool {
    let rest = buffer[start...]
    let found = rest.indices.first {
      rest[$0...].prefix(4).elementsEqual(Frame.magic.prefix(rest.endIndex - $0))
    }
    let next = found ?? rest.endIndex
    guard next > start else { return false }
    start = next
    return lose()
  }

  private func header() -> Header? {
    var reader = PayloadReader(Array(buffer[start..<start + Frame.headerBytes]))
    guard reader.readBytes(4) == Frame.magic, let type: UInt8 = reader.read(), reader.read(UInt8.self) != nil,
      let sequence: UInt16 = reader.read(), let length: UInt32 = reader.read(),
      let sum: UInt32 = reader.read(),
      sum == crc32(buffer[start..<start + 12]), length <= FrameDecoder.largestPayload,
      let kind = Frame.Kind(rawValue: type)
    else { return nil }
    return Header(kind: kind, sequence: sequence, length: Int(length))
  }

  private mutating func take(_ header: Header, end: Int) -> Event {
    let payload = Array(buffer[start + Frame.headerBytes..<end - 4])
    var reader = PayloadReader(Array(buffer[end - 4..<end]))
    guard reader.read(UInt32.self) == crc32(payload) else {
      lost = true
      return .corrupt
    }
    lost = false
    return .frame(Frame(header.kind, sequence: header.sequence, payload: payload))
  }
}
