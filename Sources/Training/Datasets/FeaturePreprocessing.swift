/// From numeric features to the model's input: (value - mean) / deviation / inputScale + zeroPoint, as an
/// int8 rounded half to even and saturated.
public struct FeaturePreprocessing: Codable, Sendable, Equatable {
  /// How the elements of one sample lie in the file.
  public enum Layout: String, Codable, Sendable, CaseIterable {
    /// As the model takes them: channel by channel, or one row of features.
    case asStored
    /// `[height, width, channels]`, turned into channel by channel.
    case channelsLast
  }

  /// In the data's own unit: one for all values, one for each channel, or one for each value of a sample in
  /// the model's order.
  public var mean: [Double]
  /// As many as of `mean` are possible, not always as many as there are.
  public var deviation: [Double]
  /// The scale and zero point of an int8 input; 1 and 0 for float32.
  public var inputScale: Double
  public var zeroPoint: Int
  /// How many channels the model's input has; `nil` takes a sample of three dimensions to have its own, and
  /// every other one to have one for each value.
  public var channels: Int?
  public var layout: Layout
  public var element: InputElement

  public init(
    mean: [Double] = [0], deviation: [Double] = [1], inputScale: Double = 1, zeroPoint: Int = 0,
    channels: Int? = nil, layout: Layout = .asStored, element: InputElement = .int8
  ) {
    self.mean = mean
    self.deviation = deviation
    self.inputScale = inputScale
    self.zeroPoint = zeroPoint
    self.channels = channels
    self.layout = layout
    self.element = element
  }

  /// - Parameters:
  ///   - values: one sample.
  ///   - shape: its shape without the sample dimension.
  /// - Returns: the bytes of the input.
  /// - Throws: `DatasetError.Problem`, without a location, for a value that is not finite or becomes what no
  ///   float32 holds, and the first of `problems`.
  public func apply(_ values: [Double], shape: [Int]) throws -> [Int8] {
    if let problem = problems(shape: shape).first { throw problem }
    let plane = max(1, values.count / channelCount(shape))
    return try order(of: values, shape).enumerated().flatMap { position, index in
      let value = values[index]
      guard value.isFinite else { throw DatasetError.Problem("element \(index)", "\(value) is not finite") }
      func own(_ list: [Double]) -> Double {
        list[list.count == values.count ? position : min(position / plane, list.count - 1)]
      }
      let factor = 1 / (own(deviation) * inputScale)
      let result = value * factor + (Double(zeroPoint) - own(mean) * factor)
      guard element == .int8 || Float(result).isFinite else {
        throw DatasetError.Problem("element \(index)", "\(value) becomes \(result), which no float32 holds")
      }
      return element.bytes(result)
    }
  }

  /// What makes this impossible to apply to samples of `shape`, whatever their values.
  public func problems(shape: [Int]) -> [DatasetError.Problem] {
    var problems: [DatasetError.Problem] = []
    func check(_ isGood: Bool, _ name: String, _ reason: String) {
      if !isGood { problems.append(.init("preprocessing: \(name)", reason)) }
    }
    check(
      layout == .asStored || shape.count == 3, "layout",
      "channelsLast needs [height, width, channels], the shape is \(shape)")
    let (count, channels) = (shape.reduce(1, *), channelCount(shape))
    let perChannel = channels > 1 && channels < count ? ", \(channels), one for each channel," : ""
    for (name, numbers) in [("mean", mean), ("deviation", deviation)] {
      check(
        [1, channels, count].contains(numbers.count), name,
        "has \(numbers.count) numbers; give one for all values\(perChannel) or \(count), one for each value")
    }
    check(mean.allSatisfy(\.isFinite), "mean", "\(mean) must be finite")
    check(
      deviation.allSatisfy { (1 / ($0 * inputScale)).isFinite && $0 > 0 }, "deviation",
      "\(deviation) must be positive, also times the scale \(inputScale)")
    return problems
  }

  private func channelCount(_ shape: [Int]) -> Int {
    if let channels { return channels }
    return shape.count == 3 ? shape[layout == .channelsLast ? 2 : 0] : shape.reduce(1, *)
  }

  /// The place in the file of each value that the model takes.
  private func order(of values: [Double], _ shape: [Int]) -> [Int] {
    guard layout == .channelsLast else { return Array(values.indices) }
    let (area, channels) = (shape[0] * shape[1], shape[2])
    return values.indices.map { $0 % area * channels + $0 / area }
  }
}
