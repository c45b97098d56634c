/// Reads binary PPM (`P6`, colour) and PGM (`P5`, grey) with 8 bits a channel, as Netpbm defines them.
enum PortableAnymap {
  static func decode(_ bytes: [UInt8]) throws -> PixelImage {
    let kind = bytes.dropFirst().first
    guard kind == UInt8(ascii: "6") || kind == UInt8(ascii: "5") else {
      throw DataFailure(reason: "of the portable anymaps only binary PPM (P6) and PGM (P5) are read")
    }
    let channels = kind == UInt8(ascii: "6") ? 3 : 1
    var index = 2
    let width = try number(bytes, &index, "width")
    let height = try number(bytes, &index, "height")
    let maximum = try number(bytes, &index, "largest value")
    guard maximum == 255 else { throw DataFailure(reason: "the largest value is \(maximum), not 255") }
    guard width > 0, height > 0, width <= PixelImage.largestPixelCount / height else {
      throw DataFailure(reason: "a picture of \(width)x\(height) pixels is not read")
    }
    // One white space character, and only one, ends the header: the next byte is the first pixel.
    let pixels = bytes.dropFirst(index + 1)
    let needed = width * height * channels
    guard pixels.count >= needed else {
      throw DataFailure(reason: "truncated: \(needed) bytes of pixels announced, \(pixels.count) there")
    }
    return PixelImage(
      width: width, height: height, channels: channels, pixels: Array(pixels.prefix(needed)))
  }

  /// The next decimal number of the header, after white space and comments.
  private static func number(_ bytes: [UInt8], _ index: inout Int, _ what: String) throws -> Int {
    while index < bytes.count, isSpace(bytes[index]) || bytes[index] == UInt8(ascii: "#") {
      if bytes[index] == UInt8(ascii: "#") {
        index = bytes[index...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
      } else {
        index += 1
      }
    }
    let digits = bytes[index...].prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    index += digits.count
    guard let value = Int(String(decoding: digits, as: UTF8.self)), value <= Int(Int32.max)
    else { throw DataFailure(reason: "the header has no \(what)") }
    return value
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || (0x09...0x0D).contains(byte)
  }
}
