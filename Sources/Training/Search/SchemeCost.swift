/// What a scheme takes on the board it is meant for.
public struct SchemeCost: Sendable, Equatable, Codable {
  /// Arena, trainable state, control and planned stack, in bytes, as the memory planner laid them out.
  public var sramBytes: Int
  /// Of one training step, from calls measured on the board; nil where nothing was measured.
  public var instructions: Int?

  public init(sramBytes: Int, instructions: Int?) {
    self.sramBytes = sramBytes
    self.instructions = instructions
  }
}

/// What a scheme must not exceed.
public struct SchemeBudget: Sendable, Equatable, Codable {
  public var sramBytes: Int
  /// Of one training step; nil does not limit them.
  public var instructions: Int?

  public init(sramBytes: Int, instructions: Int? = nil) {
    self.sramBytes = sramBytes
    self.instructions = instructions
  }

  public func allows(_ cost: SchemeCost) -> Bool {
    guard cost.sramBytes <= sramBytes else { return false }
    guard let instructions else { return true }
    return cost.instructions.map { $0 <= instructions } ?? false
  }
}
