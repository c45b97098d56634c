import Foundation

/// Writers of the small files that the reader tests read, kept apart from the readers so that one bug cannot hide
/// in both.
enum EncodedFiles {
  /// The reflected CRC-32 of zip and PNG, bit by bit.
  static func crc32(_ bytes: some Sequence<UInt8>) -> UInt32 {
    ~bytes.reduce(UInt32.max) { sum, byte in
      (0..<8).reduce(sum ^ UInt32(byte)) { crc, _ in (crc >> 1) ^ (crc & 1 == 1 ? 0xEDB8_8320 : 0) }
    }
  }

  static func littleEndian(_ value: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }

  static func bigEndian(_ value: Int, _ count: Int) -> [UInt8] {
    littleEndian(value, count).reversed()
  }

  /// A `.npy` file, version 1.0, of the given element type and raw elements.
  static func npy(_ descr: String, shape: [Int], fortran: Bool = false, _ elements: [UInt8]) -> [UInt8] {
    let sizes = shape.map { "\($0)," }.joined(separator: " ")
    let text =
      "{'descr': '\(descr)', 'fortran_order': \(fortran ? "True" : "False"), 'shape': (\(sizes)), }"
    let header = text.padding(toLength: 117, withPad: " ", startingAt: 0) + "\n"
    return [0x93] + Array("NUMPY".utf8) + [1, 0] + littleEndian(header.utf8.count, 2) + Array(header.utf8)
      + elements
  }

  /// A zip archive of stored members.
  static func zip(_ members: [(name: String, bytes: [UInt8])]) -> [UInt8] {
    var body: [UInt8] = []
    var directory: [UInt8] = []
    for member in members {
      let name = Array(member.name.utf8)
      let shared =
        [20, 0, 0, 0, 0, 0, 0, 0, 0, 0] + littleEndian(Int(crc32(member.bytes)), 4)
        + littleEndian(member.bytes.count, 4) + littleEndian(member.bytes.count, 4)
        + littleEndian(name.count, 2) + [0, 0]
      directory += littleEndian(0x0201_4B50, 4) + [20, 0] + shared
      directory += [UInt8](repeating: 0, count: 10) + littleEndian(body.count, 4) + name
      body += littleEndian(0x0403_4B50, 4) + shared + name + member.bytes
    }
    let count = littleEndian(members.count, 2)
    return body + directory + littleEndian(0x0605_4B50, 4) + [0, 0, 0, 0] + count + count
      + littleEndian(directory.count, 4) + littleEndian(body.count, 4) + [0, 0]
  }
}
