/// What longer trainings say of a curve of freezing.
public struct VerifiedFreezing: Sendable, Equatable, Codable {
  /// Accuracies by position in the curve, of the points that were trained.
  public var accuracies: [Int: Double]
  /// The furthest of those points whose accuracy holds.
  public var chosen: Int

  public init(accuracies: [Int: Double], chosen: Int) {
    self.accuracies = accuracies
    self.chosen = chosen
  }
}

/// Trains points of a curve of freezing for longer, to find the furthest one that still holds.
///
/// Freezing looks at short trainings, in which what learns slowly seems worth little. The start and the chosen
/// end are trained first; where the end loses too much, points between a point that holds and the next one
/// that does not are trained, as many at a time as `jobs`, until these two are neighbours.
/// - Parameters:
///   - trials: of more epochs or samples than those that made the curve.
///   - settings: the largest drop, here against the start of the curve as these trials see it.
/// - Throws: what the trials throw.
public func verifyFreezing(
  _ outcome: FreezeOutcome, _ settings: FreezeSettings, _ trials: SchemeTrials, jobs: Int,
  progress: @escaping SchemeTrials.Progress = { _, _, _ in }
) async throws -> VerifiedFreezing {
  let curve = outcome.curve
  var accuracies: [Int: Double] = [:]
  func train(_ positions: [Int]) async throws {
    let outcomes = try await trials.outcomes(
      of: positions.map { curve[$0].scheme }, jobs: jobs, progress: progress)
    for (position, outcome) in zip(positions, outcomes) { accuracies[position] = outcome.result.accuracy }
  }
  func holds(_ position: Int) -> Bool {
    guard let start = accuracies[0], let accuracy = accuracies[position] else { return false }
    return start - accuracy <= settings.largestDrop + 1e-9
  }
  let end = curve.firstIndex(of: outcome.chosen) ?? 0
  try await train(end == 0 ? [0] : [0, end])
  var furthest = holds(end) ? end : 0
  var limit = end
  while furthest < end, limit - furthest > 1 {
    let between = limit - furthest - 1
    let count = min(max(1, jobs), between)
    let points = (1...count).map { furthest + $0 * (between + 1) / (count + 1) }
    try await train(points)
    // A point that holds behind one that does not is as good as the curve can tell.
    if let last = points.last(where: holds) { furthest = last }
    limit = points.first { $0 > furthest } ?? limit
  }
  return VerifiedFreezing(accuracies: accuracies, chosen: furthest)
}
