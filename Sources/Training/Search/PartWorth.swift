import Compiler

/// What each part of a network adds to a scheme when it learns: a share of all samples, or loss.
public struct PartWorth: Sendable, Equatable, Codable {
  /// By layer: its bias.
  public var biases: [Int: Double]
  /// By layer and share of its input channels: its weights.
  public var weights: [Int: [Double: Double]]

  public init(biases: [Int: Double] = [:], weights: [Int: [Double: Double]] = [:]) {
    (self.biases, self.weights) = (biases, weights)
  }

  /// The sum over a scheme's parts; those that are not known add nothing.
  public func sum(biases: Set<Int>, weights: [Int: Double]) -> Double {
    // In one order: sums of floats depend on it.
    biases.sorted().reduce(0) { $0 + (self.biases[$1] ?? 0) }
      + weights.sorted { $0.key < $1.key }.reduce(0) { $0 + (self.weights[$1.key]?[$1.value] ?? 0) }
  }

  /// The sum over a scheme's parts; nil where one of them is not known.
  public func sum(of scheme: UpdateScheme) -> Double? {
    guard scheme.biases.isSubset(of: biases.keys) else { return nil }
    var shares: [Int: Double] = [:]
    for (layer, channels) in scheme.weights {
      guard case .fraction(let share) = channels, weights[layer]?[share] != nil else { return nil }
      shares[layer] = share
    }
    return sum(biases: scheme.biases, weights: shares)
  }
}

/// What each part is worth beside one scheme: what the scheme loses without it, or gains with it.
///
/// Parts stand in for each other: a bias is worth less where its layer's weights learn. So what parts add up
/// to is right near the scheme in whose company they were measured.
/// - Parameters:
///   - worth: names the parts.
///   - scheme: of shares.
/// - Throws: what the trials throw.
public func partWorth(
  beside scheme: UpdateScheme, of worth: PartWorth, _ trials: SchemeTrials, _ measure: Contribution.Measure,
  jobs: Int, progress: @escaping SchemeTrials.Progress = { _, _, _ in }
) async throws -> PartWorth {
  func with(bias layer: Int, learning: Bool) -> UpdateScheme {
    var changed = scheme
    if learning { changed.biases.insert(layer) } else { changed.biases.remove(layer) }
    return changed
  }
  func with(_ share: Double?, of layer: Int) -> UpdateScheme {
    var changed = scheme
    changed.weights[layer] = share.map { .fraction($0) }
    return changed
  }
  let biases = worth.biases.keys.sorted()
  let weights = worth.weights.sorted { $0.key < $1.key }.map { ($0.key, $0.value.keys.sorted()) }
  let biasPairs = biases.map { (with(bias: $0, learning: true), with(bias: $0, learning: false)) }
  let weightGroups = weights.map { layer, shares in ([nil] + shares).map { with($0, of: layer) } }
  let all = biasPairs.flatMap { [$0.0, $0.1] } + weightGroups.flatMap { $0 }
  // A higher value is a better scheme.
  let values = try await trials.outcomes(of: all, jobs: jobs, progress: progress).map { outcome in
    measure == .loss ? -outcome.result.loss : outcome.result.accuracy
  }
  var found = PartWorth()
  var next = 0
  for layer in biases {
    found.biases[layer] = values[next] - values[next + 1]
    next += 2
  }
  for (layer, shares) in weights {
    for (position, share) in shares.enumerated() {
      found.weights[layer, default: [:]][share] = values[next + 1 + position] - values[next]
    }
    next += 1 + shares.count
  }
  return found
}
