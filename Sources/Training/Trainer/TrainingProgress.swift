/// Where a run stands: told after every few samples.
public struct TrainingProgress: Sendable, Equatable {
  public enum Phase: Sendable, Equatable {
    /// On the held-out samples; after how many finished or begun epochs.
    case evaluating(epoch: Int)
    /// The epoch, counted from 1.
    case training(epoch: Int)
    /// An epoch is trained and evaluated.
    case finished(TrainingHistory.Entry)
  }

  public var phase: Phase
  /// Samples of this phase.
  public var done: Int
  public var total: Int
  /// The mean loss of this epoch so far; nil while evaluating.
  public var loss: Double?
  /// The share of this phase's samples classified right so far; nil before the first.
  public var accuracy: Double?

  public init(phase: Phase, done: Int, total: Int, loss: Double? = nil, accuracy: Double? = nil) {
    self.phase = phase
    self.done = done
    self.total = total
    self.loss = loss
    self.accuracy = accuracy
  }
}
