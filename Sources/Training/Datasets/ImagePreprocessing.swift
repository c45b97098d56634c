/// From a decoded picture to the model's input: resize, centre crop, channel order, quantization.
public struct ImagePreprocessing: Codable, Sendable, Equatable {
  public enum ChannelOrder: String, Codable, Sendable, CaseIterable {
    case rgb
    case bgr
    /// (299 red + 587 green + 114 blue) / 1000 (ITU-R BT.601), rounded half up.
    case gray

    public var count: Int { self == .gray ? 1 : 3 }
  }

  /// The size of the input.
  public var width: Int
  public var height: Int
  /// The length to which the picture's shorter side is resized before the crop; nil resizes the picture
  /// until it just covers the input. A picture that has the size already is not touched.
  public var shortSide: Int?
  public var channels: ChannelOrder
  public var quantization: PixelQuantization

  public init(
    width: Int, height: Int, shortSide: Int? = nil, channels: ChannelOrder = .rgb,
    quantization: PixelQuantization = .minus128
  ) {
    self.width = width
    self.height = height
    self.shortSide = shortSide
    self.channels = channels
    self.quantization = quantization
  }

  /// The bytes of one sample.
  public var inputCount: Int { channels.count * height * width * quantization.element.byteCount }

  /// - Returns: the bytes of `channels.count * height * width` values, channel by channel.
  /// - Throws: `DataFailure` where the resized picture is smaller than the input.
  package func apply(_ image: PixelImage) throws -> [Int8] {
    let cropped = try croppedToCentre(resized(image))
    let tables = quantization.tables(channels: channels.count)
    let size = quantization.element.byteCount
    return (0..<channels.count).flatMap { channel in
      let table = tables[channel]
      if size == 1 { return plane(channel, of: cropped).map { table[Int($0)] } }
      return plane(channel, of: cropped).flatMap { table[Int($0) * size..<(Int($0) + 1) * size] }
    }
  }

  /// Everything about this value that no picture can satisfy.
  public func problems() -> [DatasetError.Problem] {
    var problems = quantization.problems(channels: channels.count)
    if width < 1 || height < 1 {
      problems.append(.init("preprocessing: crop", "\(width)x\(height) pixels are not a picture"))
    }
    if let shortSide, shortSide < max(1, min(width, height)) {
      problems.append(
        .init(
          "preprocessing: resize", "a short side of \(shortSide) is smaller than the crop \(width)x\(height)")
      )
    }
    return problems
  }

  private func resized(_ image: PixelImage) -> PixelImage {
    let short = min(image.width, image.height)
    if let shortSide {
      if short == shortSide { return image }
      return resizedBilinear(
        image, width: image.width * shortSide / short, height: image.height * shortSide / short)
    }
    // The side that needs the larger factor is met exactly, the other is rounded up, so that the crop is
    // covered.
    if width * image.height >= height * image.width {
      let covering = (image.height * width + image.width - 1) / image.width
      return resizedBilinear(image, width: width, height: covering)
    }
    let covering = (image.width * height + image.height - 1) / image.height
    return resizedBilinear(image, width: covering, height: height)
  }

  private func croppedToCentre(_ image: PixelImage) throws -> PixelImage {
    if image.width == width && image.height == height { return image }
    guard image.width >= width, image.height >= height else {
      throw DataFailure(
        reason: "\(image.width)x\(image.height) pixels do not cover the crop \(width)x\(height)")
    }
    let (left, top) = ((image.width - width) / 2, (image.height - height) / 2)
    let pixels = (top..<top + height).flatMap { row in
      let start = (row * image.width + left) * image.channels
      return image.pixels[start..<start + width * image.channels]
    }
    return PixelImage(width: width, height: height, channels: image.channels, pixels: pixels)
  }

  /// One channel of the output, before the quantization.
  private func plane(_ channel: Int, of image: PixelImage) -> [UInt8] {
    let pixels = image.pixels
    if image.channels == 1 { return pixels }
    let starts = stride(from: 0, to: pixels.count, by: 3)
    switch channels {
    case .rgb: return starts.map { pixels[$0 + channel] }
    case .bgr: return starts.map { pixels[$0 + 2 - channel] }
    case .gray:
      return starts.map { start in
        let (red, green, blue) = (Int(pixels[start]), Int(pixels[start + 1]), Int(pixels[start + 2]))
        return UInt8((299 * red + 587 * green + 114 * blue + 500) / 1000)
      }
    }
  }
}
