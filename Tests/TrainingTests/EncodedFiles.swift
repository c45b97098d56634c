import Foundation

/// Writers of the small files that the reader tests read, kept apart from the readers so that one bug
/// cannot hide in both.
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

  /// A PPM picture whose pixels `pixel` gives as red, green, blue.
  static func ppm(width: Int, height: Int, _ pixel: (_ x: Int, _ y: Int) -> [UInt8]) -> [UInt8] {
    let pixels = (0..<height).flatMap { y in (0..<width).flatMap { x in pixel(x, y) } }
    return Array("P6\n# a comment\n\(width) \(height)\n255\n".utf8) + pixels
  }

  /// A PNG of 8 bits a channel, with `channels` 1, 3 or 4, its rows unfiltered and stored without
  /// compression.
  static func png(width: Int, height: Int, channels: Int, _ pixels: [UInt8]) -> [UInt8] {
    let colourType: UInt8 = [1: 0, 3: 2, 4: 6][channels] ?? 0
    let rows = (0..<height).flatMap { row -> [UInt8] in
      [0] + pixels[row * width * channels..<(row + 1) * width * channels]
    }
    let size = littleEndian(rows.count, 2)
    let block = [0x78, 0x01, 0x01] + size + size.map { ~$0 } + rows + bigEndian(Int(adler32(rows)), 4)
    let header = bigEndian(width, 4) + bigEndian(height, 4) + [8, colourType, 0, 0, 0]
    return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + chunk("IHDR", header) + chunk("IDAT", block)
      + chunk("IEND", [])
  }

  private static func chunk(_ name: String, _ bytes: [UInt8]) -> [UInt8] {
    let body = Array(name.utf8) + bytes
    return bigEndian(bytes.count, 4) + body + bigEndian(Int(crc32(body)), 4)
  }

  private static func adler32(_ bytes: [UInt8]) -> UInt32 {
    var (low, high) = (UInt32(1), UInt32(0))
    for byte in bytes {
      low = (low + UInt32(byte)) % 65521
      high = (high + low) % 65521
    }
    return high << 16 | low
  }

  /// A 16x24 baseline JPEG, quality 95, made with libjpeg: red = 16 x, green = 10 y, blue = 128.
  static let jpeg = [UInt8](
    Data(
      base64Encoded: """
        /9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAIBAQEBAQIBAQECAgICAgQDAgICAgUEBAMEBgUGBgYFBgYGBwkIBgcJBwYGCAsI\
        CQoKCgoKBggLDAsKDAkKCgr/2wBDAQICAgICAgUDAwUKBwYHCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoK\
        CgoKCgoKCgoKCgoKCgr/wAARCAAYABADASIAAhEBAxEB/8QAFwAAAwEAAAAAAAAAAAAAAAAAAAYICf/EABsQAAEEAwAAAAAA\
        AAAAAAAAAAcAJDNRESJC/8QAFQEBAQAAAAAAAAAAAAAAAAAABwj/xAAeEQABAwQDAAAAAAAAAAAAAAAiAAUGBAcIUSMyM//a\
        AAwDAQACEQMRAD8AzPFAUiaVnVUyKApE0rlMQoCkTSuVTIoCkTSs6pMmM97EknG25niekxigKRtK5VMigKRtKzqhCkyYvFeR\
        KHMbX9z4T0v/2Q==
        """) ?? Data())
}
