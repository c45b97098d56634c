import Compiler

/// What updating each bias and weight tensor is worth in accuracy ("On-Device Training Under 256KB Memory",
/// section 3.2): biases of the last k layers against the head alone, and each share of each layer's weights
/// on top of those biases.
public struct Contribution: Sendable, Equatable, Codable {
  /// What a part is worth.
  public enum Measure: String, Sendable, Codable, CaseIterable {
    /// Lower mean loss of the training steps, each measured before its step: every sample counts, so small
    /// differences show.
    case loss
    /// Higher accuracy on the validation samples, as the paper has it.
    case accuracy
  }

  /// The biases of the last `count` layers, where they have one.
  public struct BiasGain: Sendable, Equatable, Codable {
    public var count: Int
    /// Accuracy above the head alone, as a share of all samples: 0.01 is one point.
    public var gain: Double
    /// The mean loss of the last epoch's steps.
    public var loss: Double

    public init(count: Int, gain: Double, loss: Double) {
      (self.count, self.gain, self.loss) = (count, gain, loss)
    }
  }

  /// A share of one layer's weights.
  public struct WeightGain: Sendable, Equatable, Codable {
    public var layer: Int
    public var name: String
    /// Of the input channels.
    public var fraction: Double
    /// Accuracy above the biases alone, as a share of all samples.
    public var gain: Double
    /// The mean loss of the last epoch's steps.
    public var loss: Double

    public init(layer: Int, name: String, fraction: Double, gain: Double, loss: Double) {
      (self.layer, self.name, self.fraction) = (layer, name, fraction)
      (self.gain, self.loss) = (gain, loss)
    }
  }

  /// The accuracy of the head alone.
  public var headAccuracy: Double
  /// The loss of the head alone.
  public var headLoss: Double
  public var biases: [BiasGain]
  /// How many layers' biases learned beside each weight.
  public var baseBiases: Int
  /// The loss of those biases alone.
  public var baseLoss: Double
  public var weights: [WeightGain]

  public init(
    headAccuracy: Double, headLoss: Double, biases: [BiasGain], baseBiases: Int, baseLoss: Double,
    weights: [WeightGain]
  ) {
    self.headAccuracy = headAccuracy
    self.headLoss = headLoss
    self.biases = biases
    self.baseBiases = baseBiases
    self.baseLoss = baseLoss
    self.weights = weights
  }

  /// The summed gain of a scheme's parts, as the search adds them up: a share of all samples, or loss.
  public func gain(biases count: Int, weights: [Int: Double], _ measure: Measure) -> Double {
    // In one order: sums of floats depend on it.
    let parts = weights.sorted { $0.key < $1.key }.map { layer, fraction in
      self.weights.first { $0.layer == layer && $0.fraction == fraction }.map { gain(of: $0, measure) } ?? 0
    }
    return biasGain(count, measure) + parts.reduce(0, +)
  }

  /// The summed gain of a scheme's parts; nil where one of them was not analysed.
  /// - Parameter layers: the network's, in order of execution.
  public func gain(of scheme: UpdateScheme, layers: [UpdatableLayer], _ measure: Measure) -> Double? {
    let count = scheme.biases.min().map { layers.count - $0 } ?? 0
    let last = UpdateScheme.lastBiases(count, of: layers.count).withoutAbsentBiases(of: layers)
    guard scheme.biases == last.biases, count <= biases.map(\.count).max() ?? 0 else { return nil }
    var shares: [Int: Double] = [:]
    for (layer, channels) in scheme.weights {
      guard case .fraction(let share) = channels,
        weights.contains(where: { $0.layer == layer && $0.fraction == share })
      else { return nil }
      shares[layer] = share
    }
    return gain(biases: count, weights: shares, measure)
  }

  private func gain(of entry: WeightGain, _ measure: Measure) -> Double {
    measure == .loss ? baseLoss - entry.loss : entry.gain
  }

  /// The gain of the last `count` biases; between measured counts on the line that joins them.
  private func biasGain(_ count: Int, _ measure: Measure) -> Double {
    let points = biases.sorted { $0.count < $1.count }.map { entry in
      (count: entry.count, gain: measure == .loss ? headLoss - entry.loss : entry.gain)
    }
    let known = [(count: 0, gain: 0.0)] + points
    guard let above = known.first(where: { $0.count >= count }) else { return known.last?.gain ?? 0 }
    guard let below = known.last(where: { $0.count <= count }), below.count < above.count else {
      return above.gain
    }
    let share = Double(count - below.count) / Double(above.count - below.count)
    return below.gain + share * (above.gain - below.gain)
  }

  /// `kind,layer,name,part,gain,loss`: gains in points of accuracy.
  public var csv: String {
    let head = "head,,,,\(decimal(100 * headAccuracy)),\(decimal(headLoss))"
    let biasRows = biases.map { "biases,,,\($0.count),\(decimal(100 * $0.gain)),\(decimal($0.loss))" }
    let weightRows = weights.map {
      "weights,\($0.layer),\($0.name),\($0.fraction),\(decimal(100 * $0.gain)),\(decimal($0.loss))"
    }
    return (["kind,layer,name,part,gain,loss", head] + biasRows + weightRows).map { $0 + "\n" }.joined()
  }
}

/// What is analysed.
public struct ContributionSettings: Sendable, Equatable, Codable {
  /// Numbers of last layers whose biases learn.
  public var biasCounts: [Int]
  /// Shares of a layer's input channels.
  public var fractions: [Double]
  /// Layers whose weights are tried.
  public var layers: [Int]
  /// Biases that learn beside each weight.
  public var baseBiases: Int

  /// All layers among the last `depth`, the paper's shares, and six numbers of biases.
  public init(layers: Int, depth: Int, fractions: [Double] = [0.125, 0.25, 0.5, 1]) {
    let depth = min(max(depth, 1), layers)
    biasCounts = Set((1...6).map { max(1, depth * $0 / 6) }).sorted()
    self.fractions = fractions
    self.layers = Array((layers - depth)..<layers)
    baseBiases = depth
  }
}

/// Trains the head, growing numbers of biases, and every share of every layer's weights, each for itself.
/// - Throws: what the trials throw.
public func analyzeContribution(
  _ trials: SchemeTrials, _ settings: ContributionSettings, layers: [UpdatableLayer], jobs: Int,
  progress: @escaping SchemeTrials.Progress = { _, _, _ in }
) async throws -> Contribution {
  func lastBiases(_ count: Int) -> UpdateScheme {
    .lastBiases(count, of: layers.count).withoutAbsentBiases(of: layers)
  }
  let biases = settings.biasCounts.map(lastBiases)
  let base = lastBiases(settings.baseBiases)
  let parts = settings.layers.flatMap { layer in
    settings.fractions.filter { Int(Double(layers[layer].inputChannels) * $0) > 0 }.map { (layer, $0) }
  }
  let weights = parts.map { layer, fraction in
    var scheme = base
    scheme.name = "weights-\(layer)-\(fraction)"
    scheme.weights = [layer: .fraction(fraction)]
    return scheme
  }
  let outcomes = try await trials.outcomes(
    of: [.headOnly, base] + biases + weights, jobs: jobs, progress: progress
  ).map(\.result)
  let (head, baseAccuracy) = (outcomes[0].accuracy, outcomes[1].accuracy)
  let biasResults = zip(settings.biasCounts, outcomes.dropFirst(2))
  let weightResults = zip(parts, outcomes.dropFirst(2 + biases.count))
  return Contribution(
    headAccuracy: head, headLoss: outcomes[0].loss,
    biases: biasResults.map { .init(count: $0, gain: $1.accuracy - head, loss: $1.loss) },
    baseBiases: settings.baseBiases, baseLoss: outcomes[1].loss,
    weights: weightResults.map { part, result in
      .init(
        layer: part.0, name: layers[part.0].name, fraction: part.1, gain: result.accuracy - baseAccuracy,
        loss: result.loss)
    })
}
