import Compiler

/// How automatic freezing goes.
public struct FreezeSettings: Sendable, Equatable, Codable {
  /// The most accuracy that may be lost against the full update, as a share of all samples.
  public var largestDrop: Double

  public init(largestDrop: Double) {
    self.largestDrop = largestDrop
  }
}

/// One step of freezing.
public struct FrozenTensor: Sendable, Equatable, Codable {
  /// The layer whose weights or biases were frozen; nil for the start, with everything learning.
  public var layer: Int?
  public var isBias: Bool
  /// Of what still learns.
  public var accuracy: Double
  public var loss: Double
  public var cost: SchemeCost
  public var scheme: UpdateScheme
}

/// How freezing went.
public struct FreezeOutcome: Sendable, Equatable, Codable {
  /// From the full update on, one tensor less each time; the last one dips below the threshold, unless
  /// nothing was left to freeze.
  public var curve: [FrozenTensor]
  /// The last step that keeps the accuracy.
  public var chosen: FrozenTensor
}

/// Freezes one tensor at a time, always the one that costs the least accuracy, until the accuracy dips by
/// the threshold.
///
/// Which tensor costs least is found lazily (Minoux, "Accelerated greedy algorithms for maximizing submodular
/// set functions", 1978): a tensor's last known accuracy orders the queue, only the front is measured again,
/// and it is frozen when it is still no worse than the next one's.
/// - Parameters:
///   - tensors: what the full update updates, as layers whose weights or biases learn.
///   - cost: plans a scheme.
/// - Throws: what the trials and `cost` throw.
public func freezeTensors(
  _ trials: SchemeTrials, from full: UpdateScheme, _ settings: FreezeSettings, jobs: Int,
  cost: @Sendable (UpdateScheme) throws -> SchemeCost,
  progress: @escaping @Sendable (_ frozen: FrozenTensor, _ left: Int) -> Void = { _, _ in },
  trialProgress: @escaping SchemeTrials.Progress = { _, _, _ in }
) async throws -> FreezeOutcome {
  var scheme = full
  let start = try await trials.outcomes(of: [full], jobs: jobs)[0].result
  var curve = [
    FrozenTensor(
      layer: nil, isBias: false, accuracy: start.accuracy, loss: start.loss, cost: try cost(full),
      scheme: full)
  ]
  var chosen = curve[0]
  let members = full.tensors
  let first = try await trials.outcomes(of: members.map(full.without), jobs: jobs, progress: trialProgress)
  var queue = zip(members, first).map { Candidate(tensor: $0, result: $1.result, isFresh: true) }
  while !queue.isEmpty {
    queue.sort { $0.isBefore($1) }
    if !queue[0].isFresh {
      // As many at the front as there are cores: the next ones are likely to be asked for.
      let stale = queue.indices.filter { !queue[$0].isFresh }.prefix(max(1, jobs))
      let schemes = stale.map { scheme.without(queue[$0].tensor) }
      let outcomes = try await trials.outcomes(of: schemes, jobs: jobs)
      for (position, outcome) in zip(stale, outcomes) {
        queue[position] = Candidate(tensor: queue[position].tensor, result: outcome.result, isFresh: true)
      }
      continue
    }
    let next = queue.removeFirst()
    scheme = scheme.without(next.tensor)
    let frozen = FrozenTensor(
      layer: next.tensor.layer, isBias: next.tensor.isBias, accuracy: next.result.accuracy,
      loss: next.result.loss, cost: try cost(scheme), scheme: scheme)
    curve.append(frozen)
    progress(frozen, queue.count)
    if start.accuracy - frozen.accuracy > settings.largestDrop + 1e-9 { break }
    chosen = frozen
    for position in queue.indices { queue[position].isFresh = false }
  }
  return FreezeOutcome(curve: curve, chosen: chosen)
}

/// A tensor that may be frozen next, and what is known of the network without it.
private struct Candidate {
  var tensor: UpdateScheme.UpdatedTensor
  var result: TrialResult
  /// Measured with everything frozen that is frozen now.
  var isFresh: Bool

  /// The more accurate first; of equals the one that learns with less loss, then the earlier layer, whose
  /// freezing saves more of the backward pass.
  func isBefore(_ other: Candidate) -> Bool {
    if result.accuracy != other.result.accuracy { return result.accuracy > other.result.accuracy }
    if result.loss != other.result.loss { return result.loss < other.result.loss }
    return (tensor.layer, tensor.isBias ? 1 : 0) < (other.tensor.layer, other.tensor.isBias ? 1 : 0)
  }
}

extension UpdateScheme {
  /// One tensor that learns.
  struct UpdatedTensor: Sendable, Hashable {
    var layer: Int
    var isBias: Bool
  }

  /// All that learns beside the head, by layer, weights first.
  var tensors: [UpdatedTensor] {
    biases.union(weights.keys).sorted().flatMap { layer in
      (weights[layer] == nil ? [] : [UpdatedTensor(layer: layer, isBias: false)])
        + (biases.contains(layer) ? [UpdatedTensor(layer: layer, isBias: true)] : [])
    }
  }

  func without(_ tensor: UpdatedTensor) -> UpdateScheme {
    var scheme = self
    scheme.name = "frozen"
    if tensor.isBias { scheme.biases.remove(tensor.layer) } else { scheme.weights[tensor.layer] = nil }
    return scheme
  }
}
