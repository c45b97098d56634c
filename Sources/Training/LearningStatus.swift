/// What an image knows of its own learning; zeros where it was built without.
public struct LearningStatus: Sendable, Equatable, Codable {
  /// Training steps in the sliding window.
  public var windowSteps: Int
  /// Of those, predicted right before the step.
  public var windowCorrect: Int
  /// Their mean loss, rounded down to a multiple of 2^-16.
  public var windowLoss: Float
  /// How often the guard brought the last good state back.
  public var restored: Int
  /// How often it kept a better one.
  public var kept: Int

  public init(
    windowSteps: Int = 0, windowCorrect: Int = 0, windowLoss: Float = 0, restored: Int = 0, kept: Int = 0
  ) {
    self.windowSteps = windowSteps
    self.windowCorrect = windowCorrect
    self.windowLoss = windowLoss
    self.restored = restored
    self.kept = kept
  }
}
