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

/// The worth of parts with that of biases brought down to what is left of it beside weights that learn.
///
/// What a bias can do, the weights of its layer can do, too: beside them biases are worth less than the
/// analysis, which tries them without, has found; often next to nothing. One training of the scheme without
/// any of its biases tells how much is left of what they add up to.
/// - Parameter scheme: the best one by `worth`.
/// - Returns: `worth` where the scheme's biases add up to nothing.
/// - Throws: what the trials throw.
public func discountingBiases(
  _ worth: PartWorth, beside scheme: UpdateScheme, _ trials: SchemeTrials, _ measure: Contribution.Measure,
  jobs: Int, progress: @escaping SchemeTrials.Progress = { _, _, _ in }
) async throws -> PartWorth {
  let expected = worth.sum(biases: scheme.biases, weights: [:])
  guard expected > 0 else { return worth }
  var without = scheme
  without.biases = []
  let results = try await trials.outcomes(of: [scheme, without], jobs: jobs, progress: progress).map(\.result)
  let actual =
    measure == .loss ? results[1].loss - results[0].loss : results[0].accuracy - results[1].accuracy
  var discounted = worth
  let share = min(max(actual / expected, 0), 1)
  discounted.biases = worth.biases.mapValues { share * $0 }
  return discounted
}
