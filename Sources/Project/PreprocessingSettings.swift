/// From a picture or a row of numbers to the network's int8 input, as written. What is left out follows
/// from the model's input.
///
/// A value `v` becomes `round((v − mean) / deviation / scale) + zero_point`, saturated.
public struct PreprocessingSettings: Equatable, Codable, Sendable {
  public enum Channels: String, Codable, Sendable, CaseIterable {
    case rgb, bgr, gray
  }

  /// How the numbers of one sample lie in an array.
  public enum Layout: String, Codable, Sendable, CaseIterable {
    case channelsFirst = "channels-first"
    case channelsLast = "channels-last"
  }

  /// A picture's part that is used, from its centre.
  public struct Crop: Equatable, Codable, Sendable {
    public var width: Int
    public var height: Int

    public init(width: Int, height: Int) {
      self.width = width
      self.height = height
    }
  }

  /// The length that a picture's shorter side gets before the crop; `nil` just covers the crop.
  public var resize: Int?
  /// `nil` takes the size of the model's input.
  public var crop: Crop?
  /// `nil` takes RGB or gray, as the model has three channels or one.
  public var channels: Channels?
  public var layout: Layout
  /// The int8 value is the pixel minus this, exactly; excludes the four that follow.
  public var pixelMinus: Int?
  /// One for all channels, or one for each; of tables and arrays also one for each value of a sample. In the
  /// data's own unit.
  public var mean: [Double]
  public var deviation: [Double]
  /// The int8 input's quantization; `nil` takes the model's.
  public var scale: Double?
  public var zeroPoint: Int?

  public init(
    resize: Int? = nil, crop: Crop? = nil, channels: Channels? = nil, layout: Layout = .channelsFirst,
    pixelMinus: Int? = nil, mean: [Double] = [0], deviation: [Double] = [1], scale: Double? = nil,
    zeroPoint: Int? = nil
  ) {
    self.resize = resize
    self.crop = crop
    self.channels = channels
    self.layout = layout
    self.pixelMinus = pixelMinus
    self.mean = mean
    self.deviation = deviation
    self.scale = scale
    self.zeroPoint = zeroPoint
  }
}
