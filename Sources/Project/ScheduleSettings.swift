import Compiler

/// How the learning rate goes on over the steps, as written.
public struct ScheduleSettings: Equatable, Codable, Sendable {
  public enum Kind: String, Codable, Sendable, CaseIterable {
    case constant
    case cosine
    case step
  }

  public var kind: Kind
  /// Steps in which the rate rises to its full height.
  public var warmUp: Int
  /// Where a cosine ends; `nil` takes all epochs over the project's samples.
  public var steps: Int?
  /// `step`: the steps between two changes.
  public var every: Int?
  /// `step`: what the rate is multiplied by.
  public var factor: Double

  public static let standardFactor = 0.1

  public init(
    _ kind: Kind = .constant, warmUp: Int = 0, steps: Int? = nil, every: Int? = nil,
    factor: Double = standardFactor
  ) {
    self.kind = kind
    self.warmUp = warmUp
    self.steps = steps
    self.every = every
    self.factor = factor
  }

  /// - Parameter length: all steps of a training; asked only where it matters.
  func resolved(length: () throws -> Int) throws -> Optimizer.Schedule {
    switch kind {
    case .constant: return .constant
    case .cosine: return .cosine(steps: try steps ?? min(length(), Int(Int32.max)))
    case .step:
      guard let every else { throw Incomplete() }
      return .step(every: every, factor: factor)
    }
  }

  /// A `step` schedule that does not say when.
  public struct Incomplete: Error, Equatable, CustomStringConvertible {
    public var description: String {
      "the schedule 'step' needs the steps between two changes: write 'every: N' under 'optimizer' in "
        + "\(Project.fileName)"
    }
  }
}
