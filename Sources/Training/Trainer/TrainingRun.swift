/// What a run led to.
public struct TrainingRun: Sendable, Equatable {
  /// On the held-out samples, before the first step.
  public var before: Evaluation
  /// On the held-out samples, after the last step.
  public var after: Evaluation
  public var history: [TrainingHistory.Entry]
  /// Steps of this run.
  public var steps: Int
  /// The trainable state after the last step.
  public var lastState: [UInt8]
  /// The replay memory after the last step; empty where the model keeps no samples.
  public var lastReplay: [UInt8] = []
  /// The state of the epoch with the best held-out accuracy, the earliest of equal ones.
  public var bestState: [UInt8]
  /// The replay memory then.
  public var bestReplay: [UInt8] = []
  /// That epoch, counted from 1; 0 where the run had no step.
  public var bestEpoch: Int
  /// What the image says of its learning after the last step.
  public var learning: LearningStatus
  /// Instructions or timer ticks of all training steps; 0 unless the device measures.
  public var cost: UInt64
  /// Time spent in training steps, without evaluation.
  public var trainingTime: Duration

  /// Training steps per second; 0 where the run had no step.
  public var stepsPerSecond: Double {
    steps == 0 ? 0 : Double(steps) / max(trainingTime / .seconds(1), 1e-9)
  }
}
