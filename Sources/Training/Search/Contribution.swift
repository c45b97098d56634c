import Compiler

/// What updating each bias and weight tensor is worth in accuracy ("On-Device Training Under 256KB Memory",
/// section 3.2): biases of the last k layers against the head alone, and each share of each layer's weights
/// on top of those biases. Beyond the paper: each layer's bias for itself.
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

  /// The bias of one layer, as the first to learn beside the head and as the last beside all other biases.
  ///
  /// Biases of neighbours can stand in for each other, so neither says alone what one is worth. Their mean is
  /// its Shapley value where parts interact in pairs at most.
  public struct LayerBiasGain: Sendable, Equatable, Codable {
    public var layer: Int
    public var name: String
    /// Accuracy of it alone above the head alone, as a share of all samples.
    public var gainAlone: Double
    /// Loss of it alone.
    public var lossAlone: Double
    /// Accuracy of all biases above all but this one.
    public var gainBesideOthers: Double
    /// Loss of all but this one.
    public var lossWithout: Double

    public init(
      layer: Int, name: String, gainAlone: Double, lossAlone: Double, gainBesideOthers: Double,
      lossWithout: Double
    ) {
      (self.layer, self.name) = (layer, name)
      (self.gainAlone, self.lossAlone) = (gainAlone, lossAlone)
      (self.gainBesideOthers, self.lossWithout) = (gainBesideOthers, lossWithout)
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
  /// The same biases one by one, ascending.
  public var layerBiases: [LayerBiasGain]
  /// How many layers' biases learned beside each weight.
  public var baseBiases: Int
  /// The loss of those biases alone.
  public var baseLoss: Double
  public var weights: [WeightGain]

  public init(
    headAccuracy: Double, headLoss: Double, biases: [BiasGain], layerBiases: [LayerBiasGain], baseBiases: Int,
    baseLoss: Double, weights: [WeightGain]
  ) {
    self.headAccuracy = headAccuracy
    self.headLoss = headLoss
    self.biases = biases
    self.layerBiases = layerBiases
    self.baseBiases = baseBiases
    self.baseLoss = baseLoss
    self.weights = weights
  }

  /// What every part adds to a scheme, as a search adds them up.
  public func worth(_ measure: Measure) -> PartWorth {
    var worth = PartWorth()
    for entry in layerBiases { worth.biases[entry.layer] = gain(of: entry, measure) }
    for entry in weights {
      worth.weights[entry.layer, default: [:]][entry.fraction] = gain(of: entry, measure)
    }
    return worth
  }

  private func gain(of entry: WeightGain, _ measure: Measure) -> Double {
    measure == .loss ? baseLoss - entry.loss : entry.gain
  }

  /// The mean of what it adds as the first and as the last.
  public func gain(of entry: LayerBiasGain, _ measure: Measure) -> Double {
    switch measure {
    case .loss: ((headLoss - entry.lossAlone) + (entry.lossWithout - baseLoss)) / 2
    case .accuracy: (entry.gainAlone + entry.gainBesideOthers) / 2
    }
  }

  /// `kind,layer,name,part,gain,loss`: gains in points of accuracy; a layer's bias `alone` above the head
  /// alone, and what all biases gain over those `without` it.
  public var csv: String {
    let head = "head,,,,\(decimal(100 * headAccuracy)),\(decimal(headLoss))"
    let biasRows = biases.map { "biases,,,\($0.count),\(decimal(100 * $0.gain)),\(decimal($0.loss))" }
    let layerRows = layerBiases.flatMap {
      [
        "bias,\($0.layer),\($0.name),alone,\(decimal(100 * $0.gainAlone)),\(decimal($0.lossAlone))",
        "bias,\($0.layer),\($0.name),without,\(decimal(100 * $0.gainBesideOthers)),\(decimal($0.lossWithout))",
      ]
    }
    let weightRows = weights.map {
      "weights,\($0.layer),\($0.name),\($0.fraction),\(decimal(100 * $0.gain)),\(decimal($0.loss))"
    }
    return (["kind,layer,name,part,gain,loss", head] + biasRows + layerRows + weightRows).map { $0 + "\n" }
      .joined()
  }
}

/// What is analysed.
public struct ContributionSettings: Sendable, Equatable, Codable {
  /// Numbers of last layers whose biases learn.
  public var biasCounts: [Int]
  /// Shares of a layer's input channels.
  public var fractions: [Double]
  /// Layers whose weights, and whose biases one by one, are tried.
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

/// Trains the head, growing numbers of biases, each bias for itself and all without it, and every share of
/// every layer's weights.
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
  let biased = settings.layers.filter { base.biases.contains($0) }
  let alone = biased.map { UpdateScheme(name: "bias-of-\($0)", biases: [$0]) }
  let without = biased.map { UpdateScheme(name: "without-\($0)", biases: base.biases.subtracting([$0])) }
  let outcomes = try await trials.outcomes(
    of: [.headOnly, base] + biases + alone + without + weights, jobs: jobs, progress: progress
  ).map(\.result)
  let (head, baseAccuracy) = (outcomes[0].accuracy, outcomes[1].accuracy)
  let behindBase = outcomes.dropFirst(2)
  let biasResults = zip(settings.biasCounts, behindBase)
  let aloneResults = behindBase.dropFirst(biases.count)
  let withoutResults = aloneResults.dropFirst(alone.count)
  let weightResults = zip(parts, withoutResults.dropFirst(without.count))
  return Contribution(
    headAccuracy: head, headLoss: outcomes[0].loss,
    biases: biasResults.map { .init(count: $0, gain: $1.accuracy - head, loss: $1.loss) },
    layerBiases: zip(biased, zip(aloneResults, withoutResults)).map { layer, results in
      .init(
        layer: layer, name: layers[layer].name, gainAlone: results.0.accuracy - head,
        lossAlone: results.0.loss, gainBesideOthers: baseAccuracy - results.1.accuracy,
        lossWithout: results.1.loss)
    },
    baseBiases: settings.baseBiases, baseLoss: outcomes[1].loss,
    weights: weightResults.map { part, result in
      .init(
        layer: part.0, name: layers[part.0].name, fraction: part.1, gain: result.accuracy - baseAccuracy,
        loss: result.loss)
    })
}
