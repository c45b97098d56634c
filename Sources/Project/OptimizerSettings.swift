/// How the network learns: plain SGD, one sample a step.
public struct OptimizerSettings: Equatable, Codable, Sendable {
  /// The learning rate, as written.
  public enum Rate: Equatable, Codable, Sendable {
    /// Of one step.
    case perStep(Double)
    /// Of a batch of 256, as papers on large batches state it; a step of one sample takes 1/256 of it.
    case per256(Double)
  }

  public var rate: Rate
  public var epochs: Int
  /// Decides the order of the samples in each epoch.
  public var seed: UInt64

  public init(rate: Rate = .per256(0.2), epochs: Int = 5, seed: UInt64 = 0) {
    self.rate = rate
    self.epochs = epochs
    self.seed = seed
  }

  /// The rate of a step of one sample.
  public var learningRate: Float {
    switch rate {
    case .perStep(let rate): Float(rate)
    case .per256(let rate): Float(rate / 256)
    }
  }
}
