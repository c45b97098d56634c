import CImageCodecs
import Foundation

/// Decodes pictures: JPEG, PNG, and binary PPM and PGM. The format is told from the first bytes.
public enum ImageFile {
  /// The endings of file names that count as pictures in a folder.
  public static let extensions: Set<String> = ["jpg", "jpeg", "png", "ppm", "pgm"]

  /// - Throws: `DatasetError` naming the path, for a file that is missing, damaged or of another format.
  public static func read(_ path: String) throws -> PixelImage {
    let data = try mappedContents(of: path)
    let advice = "Replace the file, or take it out of the folder and of labels.csv."
    return try locatingFailure(at: path, advice: advice) { try decode(data) }
  }

  static func decode(_ data: Data) throws -> PixelImage {
    let bytes = [UInt8](data)
    if bytes.starts(with: [0xFF, 0xD8]) {
      return try decode(bytes, "JPEG", size: tinysdk_jpeg_size, pixels: tinysdk_jpeg_decode)
    }
    if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]) {
      return try decode(bytes, "PNG", size: tinysdk_png_size, pixels: tinysdk_png_decode)
    }
    if bytes.first == UInt8(ascii: "P") { return try PortableAnymap.decode(bytes) }
    throw DataFailure(reason: bytes.isEmpty ? "the file is empty" : "neither JPEG nor PNG nor PPM")
  }

  private typealias Message = UnsafeMutablePointer<CChar>?
  private typealias SizeReader = (
    UnsafePointer<UInt8>?, Int, UnsafeMutablePointer<UInt32>?, UnsafeMutablePointer<UInt32>?, Message
  ) -> Int32
  private typealias PixelReader = (
    UnsafePointer<UInt8>?, Int, UnsafeMutablePointer<UInt8>?, Int, Message
  ) -> Int32

  private static func decode(
    _ bytes: [UInt8], _ format: String, size: SizeReader, pixels: PixelReader
  ) throws -> PixelImage {
    var message = [CChar](repeating: 0, count: Int(TINYSDK_CODEC_MESSAGE_BYTES))
    var (width, height) = (UInt32(0), UInt32(0))
    guard size(bytes, bytes.count, &width, &height, &message) == 1 else {
      throw DataFailure(reason: "damaged \(format): \(text(message))")
    }
    guard Int(width) * Int(height) <= PixelImage.largestPixelCount else {
      throw DataFailure(reason: "\(width)x\(height) pixels are too many")
    }
    var rgb = [UInt8](repeating: 0, count: Int(width) * Int(height) * 3)
    guard pixels(bytes, bytes.count, &rgb, rgb.count, &message) == 1 else {
      throw DataFailure(reason: "damaged \(format): \(text(message))")
    }
    return PixelImage(width: Int(width), height: Int(height), channels: 3, pixels: rgb)
  }

  private static func text(_ message: [CChar]) -> String {
    String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
