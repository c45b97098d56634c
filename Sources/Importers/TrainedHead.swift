/// A trained float32 classifier that takes the place of the one in the file.
public struct TrainedHead: Sendable, Equatable {
  /// `[outputs × features]`, row by row.
  public var weights: [Float]
  /// One per output.
  public var bias: [Float]
  /// The int8 tensor that feeds the head, by its name in the imported graph.
  public var features: String
  /// One per output, or none.
  public var classNames: [String]

  public init(weights: [Float], bias: [Float], features: String, classNames: [String] = []) {
    self.weights = weights
    self.bias = bias
    self.features = features
    self.classNames = classNames
  }
}
