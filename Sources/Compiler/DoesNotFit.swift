import Boards

/// A plan that is larger than its board.
public struct DoesNotFit: Error, Equatable, CustomStringConvertible {
  public var board: String
  /// The region, or the regions joined by `+`.
  public var region: String
  public var neededBytes: Int
  public var availableBytes: Int
  /// Each part and its bytes.
  public var parts: [String]
  /// What is alive in the arena at its peak, largest first.
  public var largestAtPeak: [String]
  /// The operator that runs at the arena's peak.
  public var peakOperator: String
  /// The update schemes that would fit, best first; filled in by whoever can try them.
  public var alternatives: [String] = []

  public var overBytes: Int { neededBytes - availableBytes }

  init(_ plan: Plan, on board: Board, demands: [MemoryDemand]) {
    let regions = board.ramRegions
    self.init(
      plan: plan, region: regions.map(\.name).joined(separator: "+"),
      needed: demands.reduce(0) { $0 + $1.bytes + 8 }, available: regions.reduce(0) { $0 + $1.length },
      demands: demands)
    self.board = board.name
  }

  init(plan: Plan, region: String, needed: Int, available: Int, demands: [MemoryDemand]) {
    board = plan.board ?? ""
    self.region = region
    neededBytes = needed
    availableBytes = available
    parts = demands.map { "\($0.name) \($0.bytes.formatted)" }
    let peak = plan.arena.peakStep
    largestAtPeak = plan.arena.alive(at: peak).prefix(4).map { "\($0.name) \($0.bytes.formatted)" }
    peakOperator = plan.steps.indices.contains(peak) ? plan.steps[peak].node.name : "the input"
  }

  public var description: String {
    var lines = [
      overBytes > 0
        ? "the plan does not fit '\(board)': \(region) has \(availableBytes.formatted) bytes, "
          + "\(neededBytes.formatted) are needed, \(overBytes.formatted) too many"
        : "the plan does not fit '\(board)': \(region) has \(availableBytes.formatted) bytes, enough in all for "
          + "\(neededBytes.formatted), but no way to divide them puts every part into one piece",
      "  parts: \(parts.joined(separator: ", "))",
      "  largest in the arena at its peak (\(peakOperator)): \(largestAtPeak.joined(separator: ", "))",
    ]
    lines.append(
      alternatives.isEmpty
        ? "  no smaller update scheme fits: choose a smaller model or input, or a board with more SRAM"
        : "  what would fit: \(alternatives.joined(separator: ", "))")
    return lines.joined(separator: "\n")
  }
}

extension Int {
  /// With a comma between thousands.
  var formatted: String {
    var digits = String(magnitude)
    var groups: [String] = []
    while digits.count > 3 {
      groups.insert(String(digits.suffix(3)), at: 0)
      digits.removeLast(3)
    }
    return (self < 0 ? "-" : "") + ([digits] + groups).joined(separator: ",")
  }
}
