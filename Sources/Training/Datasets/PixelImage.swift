/// A decoded picture: 8 bits a channel, rows from the top, the channels of a pixel side by side (HWC).
public struct PixelImage: Sendable, Equatable {
  public let width: Int
  public let height: Int
  /// 3 (red, green, blue) or 1 (grey).
  public let channels: Int
  /// `height * width * channels` values.
  public let pixels: [UInt8]

  public init(width: Int, height: Int, channels: Int, pixels: [UInt8]) {
    self.width = width
    self.height = height
    self.channels = channels
    self.pixels = pixels
  }

  /// Larger pictures are refused before their memory is asked for.
  static let largestPixelCount = 1 << 26
}
