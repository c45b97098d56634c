/// How schemes are tried: each is trained from the same start, on the same samples, in the same order.
public struct TrialSettings: Sendable, Equatable, Codable {
  public var epochs: Int
  /// The learning rate of a step of one sample.
  public var rate: Float
  /// One training for each; their results are averaged.
  public var seeds: [UInt64]

  public init(epochs: Int = 1, rate: Float = 0.2 / 256, seeds: [UInt64] = [1]) {
    self.epochs = epochs
    self.rate = rate
    self.seeds = seeds
  }
}
