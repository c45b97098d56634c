/// How long and how fast to train.
public struct TrainerOptions: Sendable, Equatable {
  public var epochs: Int
  /// Ends the run after that many steps, wherever in an epoch that is; nil trains whole epochs.
  public var steps: Int?
  /// The constant learning rate of a step of one sample.
  public var rate: Float
  /// Decides the order of the samples in each epoch.
  public var seed: UInt64
  /// A run that is continued: how many steps came before it. The order of samples goes on from there.
  public var firstStep: Int

  public init(
    epochs: Int = 1, steps: Int? = nil, rate: Float = 0.2 / 256, seed: UInt64 = 0, firstStep: Int = 0
  ) {
    self.epochs = epochs
    self.steps = steps
    self.rate = rate
    self.seed = seed
    self.firstStep = firstStep
  }

  /// The steps of a run over `count` samples: from the first to behind the last, epoch after epoch.
  func range(count: Int) -> Range<Int> {
    let whole = max(0, epochs) * count
    let first = max(0, firstStep)
    return first..<first + max(0, min(steps ?? whole, whole))
  }
}
