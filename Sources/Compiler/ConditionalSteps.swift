import Graph

extension Node {
  /// The node runs once in so many training steps: with gradient accumulation, updates do.
  var updatePeriod: Int { int("every", default: 1) }
}

/// Steps of a plan that run only in every `period`-th training step: when the number of steps taken,
/// this one included, is a multiple of it.
public struct ConditionalSteps: Sendable, Equatable, Codable {
  public var steps: Range<Int>
  public var period: Int
}

extension Plan {
  /// The steps that do not run every time; `nil` where all do. The schedule leaves them in one piece.
  public var conditionalSteps: ConditionalSteps? {
    let positions = steps.indices.filter { steps[$0].node.updatePeriod > 1 }
    guard let first = positions.first, let last = positions.last else { return nil }
    return ConditionalSteps(steps: first..<last + 1, period: steps[first].node.updatePeriod)
  }
}
