/// How raw samples become the model's input. A plain value: a project stores it, and the same value
/// gives the same bytes on every machine.
public struct Preprocessing: Codable, Sendable, Equatable {
  /// For pictures; nil where the data is numbers.
  public var image: ImagePreprocessing?
  /// For tables and arrays.
  public var features: FeaturePreprocessing

  public init(image: ImagePreprocessing? = nil, features: FeaturePreprocessing = .init()) {
    self.image = image
    self.features = features
  }
}

/// Rounds half to even and saturates to -128 ... 127. `value` must not be a NaN.
func saturatedInt8(_ value: Double) -> Int8 {
  Int8(min(127, max(-128, value.rounded(.toNearestOrEven))))
}
