import Compiler

/// A scheme as the search varies it: of how many last layers the biases learn, where they have one, and which
/// share of which layer's weights.
struct SchemeGenome: Hashable, Sendable {
  var biases: Int
  /// Shares by layer, as positions in the space's list of fractions.
  var weights: [Int: Int] = [:]
}

/// The schemes among which the search chooses: those that the contribution analysis knows the parts of.
struct SchemeSpace: Sendable {
  let layers: [UpdatableLayer]
  let contribution: Contribution
  let measure: Contribution.Measure
  /// Layers whose weights may learn, ascending.
  let weightLayers: [Int]
  /// Ascending shares that were measured, by layer.
  let fractions: [Int: [Double]]
  let largestBiasCount: Int

  init(_ contribution: Contribution, layers: [UpdatableLayer], _ measure: Contribution.Measure) {
    self.layers = layers
    self.contribution = contribution
    self.measure = measure
    let measured = Dictionary(grouping: contribution.weights, by: \.layer)
    fractions = measured.mapValues { $0.map(\.fraction).sorted() }
    weightLayers = fractions.keys.sorted()
    largestBiasCount = contribution.biases.map(\.count).max() ?? 0
  }

  func scheme(_ genome: SchemeGenome) -> UpdateScheme {
    var scheme = UpdateScheme.lastBiases(genome.biases, of: layers.count).withoutAbsentBiases(of: layers)
    scheme.weights = shares(genome).mapValues { .fraction($0) }
    scheme.name = "searched"
    return scheme
  }

  /// The summed contribution of a scheme's parts.
  func score(_ genome: SchemeGenome) -> Double {
    contribution.gain(biases: biasCount(genome), weights: shares(genome), measure)
  }

  /// Layers at the front that have no bias add nothing to what the analysis measured.
  private func biasCount(_ genome: SchemeGenome) -> Int {
    let first = layers.indices.suffix(genome.biases).first { layers[$0].bias != nil }
    return first.map { layers.count - $0 } ?? 0
  }

  private func shares(_ genome: SchemeGenome) -> [Int: Double] {
    var shares: [Int: Double] = [:]
    for (layer, index) in genome.weights { shares[layer] = fractions[layer]?[index] }
    return shares
  }

  /// Weights whose own layer's bias is frozen would pull the backward pass deeper than the biases do: the
  /// space has none. Nor has it two genomes of one scheme, so the first of the layers has a bias or learning
  /// weights.
  func repaired(_ genome: SchemeGenome) -> SchemeGenome {
    var genome = genome
    genome.weights = genome.weights.filter { $0.key >= layers.count - genome.biases }
    while genome.biases > 0 {
      let first = layers.count - genome.biases
      if layers[first].bias != nil || genome.weights[first] != nil { break }
      genome.biases -= 1
    }
    return genome
  }

  func random(using generator: inout SplitMix64) -> SchemeGenome {
    var genome = SchemeGenome(biases: generator.below(largestBiasCount + 1))
    let density = 1 + generator.below(8)
    for layer in weightLayers where generator.below(8) < density {
      genome.weights[layer] = generator.below(fractions[layer]?.count ?? 1)
    }
    return repaired(genome)
  }

  /// One to three changes: another number of biases, another share of one layer, or a share moved to
  /// another layer.
  func mutated(_ genome: SchemeGenome, using generator: inout SplitMix64) -> SchemeGenome {
    var genome = genome
    for _ in 0...generator.below(3) {
      switch generator.below(4) {
      case 0:
        let step = generator.below(5) - 2
        genome.biases = min(max(genome.biases + step, 0), largestBiasCount)
      case 1:
        guard let layer = genome.weights.keys.sorted().element(generator.below(max(1, genome.weights.count)))
        else { continue }
        let moved = genome.weights.removeValue(forKey: layer)
        guard let other = weightLayers.element(generator.below(max(1, weightLayers.count))) else { continue }
        genome.weights[other] = min(moved ?? 0, (fractions[other]?.count ?? 1) - 1)
      default:
        guard let layer = weightLayers.element(generator.below(max(1, weightLayers.count))) else { continue }
        let choice = generator.below((fractions[layer]?.count ?? 0) + 1)
        genome.weights[layer] = choice == 0 ? nil : choice - 1
      }
    }
    return repaired(genome)
  }

  /// Each layer's share from one parent or the other.
  func crossed(_ one: SchemeGenome, _ other: SchemeGenome, using generator: inout SplitMix64) -> SchemeGenome
  {
    var child = SchemeGenome(biases: generator.below(2) == 0 ? one.biases : other.biases)
    for layer in weightLayers {
      child.weights[layer] = generator.below(2) == 0 ? one.weights[layer] : other.weights[layer]
    }
    return repaired(child)
  }
}

extension SplitMix64 {
  /// A number in 0 ..< `bound`; 0 for a bound below 1.
  mutating func below(_ bound: Int) -> Int { bound < 1 ? 0 : Int(next() % UInt64(bound)) }
}

extension Array {
  fileprivate func element(_ index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}
