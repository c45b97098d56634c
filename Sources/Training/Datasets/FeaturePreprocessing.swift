/// From numeric features to the model's input: value * scale + offset, as an int8 rounded half to even and
/// saturated.
public struct FeaturePreprocessing: Codable, Sendable, Equatable {
  /// How the elements of one sample lie in the file.
  public enum Layout: String, Codable, Sendable, CaseIterable {
    /// As the model takes them: channel by channel, or one row of features.
    case asStored
    /// `[height, width, channels]`, turned into channel by channel.
    case channelsLast
  }

  public var scale: Double
  public var offset: Double
  public var layout: Layout
  public var element: InputElement

  public init(
    scale: Double = 1, offset: Double = 0, layout: Layout = .asStored, element: InputElement = .int8
  ) {
    self.scale = scale
    self.offset = offset
    self.layout = layout
    self.element = element
  }

  /// The quantization that a tensor of `inputScale` and `zeroPoint` asks for, where the network was trained
  /// on `value * factor`.
  public init(inputScale: Double, zeroPoint: Int, factor: Double = 1, layout: Layout = .asStored) {
    self.init(scale: factor / inputScale, offset: Double(zeroPoint), layout: layout)
  }

  /// - Parameters:
  ///   - values: one sample.
  ///   - shape: its shape without the sample dimension.
  /// - Returns: the bytes of the input.
  /// - Throws: `DatasetError.Problem`, without a location, for a value that is not finite or a shape that the
  ///   layout does not fit.
  public func apply(_ values: [Double], shape: [Int]) throws -> [Int8] {
    guard scale.isFinite, offset.isFinite else {
      throw DatasetError.Problem("preprocessing", "scale \(scale) and offset \(offset) must be finite")
    }
    let scaled = try values.enumerated().map { index, value in
      guard value.isFinite else { throw DatasetError.Problem("element \(index)", "\(value) is not finite") }
      let result = value * scale + offset
      guard element == .int8 || Float(result).isFinite else {
        throw DatasetError.Problem("element \(index)", "\(value) becomes \(result), which no float32 holds")
      }
      return result
    }
    switch layout {
    case .asStored: return scaled.flatMap(element.bytes)
    case .channelsLast: return try channelByChannel(scaled, shape: shape).flatMap(element.bytes)
    }
  }

  private func channelByChannel(_ values: [Double], shape: [Int]) throws -> [Double] {
    guard shape.count == 3 else {
      throw DatasetError.Problem(
        "layout", "channelsLast needs [height, width, channels], the shape is \(shape)")
    }
    let (area, channels) = (shape[0] * shape[1], shape[2])
    return (0..<values.count).map { values[$0 % area * channels + $0 / area] }
  }
}
