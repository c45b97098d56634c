/// What one short training of one scheme led to.
public struct TrialResult: Sendable, Equatable, Codable {
  /// The share of validation samples classified right, 0 ... 1: the mean over the later half of the epochs,
  /// since one epoch's figure swings.
  public var accuracy: Double
  /// The mean loss of the last epoch's steps, each measured before its step.
  public var loss: Double

  public init(accuracy: Double, loss: Double) {
    self.accuracy = accuracy
    self.loss = loss
  }

  /// - Parameter run: a training with at least one epoch.
  init(_ run: TrainingRun) {
    let later = run.history.suffix((run.history.count + 1) / 2)
    accuracy = later.reduce(0) { $0 + $1.accuracy } / Double(max(1, later.count))
    loss = run.history.last?.loss ?? 0
  }

  /// The mean of several seeds' results.
  static func mean(_ results: [TrialResult]) -> TrialResult {
    let count = Double(max(1, results.count))
    return TrialResult(
      accuracy: results.reduce(0) { $0 + $1.accuracy } / count,
      loss: results.reduce(0) { $0 + $1.loss } / count)
  }
}
