/// What the choice of kernels saves.
public enum KernelGoal: String, Sendable, Codable, CaseIterable {
  case instructions
  case cycles
  /// Scratch first, then instructions.
  case memory
}
