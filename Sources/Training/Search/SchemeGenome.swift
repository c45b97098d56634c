import Compiler

/// A scheme as the search varies it: which layers' biases, and which share of which layer's weights.
struct SchemeGenome: Hashable, Sendable {
  var biases: Set<Int> = []
  /// Shares by layer, as positions in the space's list of fractions.
  var weights: [Int: Int] = [:]
}

/// The schemes among which the search chooses: those of whose parts the worth is known.
struct SchemeSpace: Sendable {
  /// Always of the same parts.
  var worth: PartWorth
  /// Layers whose biases may learn, ascending.
  let biasLayers: [Int]
  /// Layers whose weights may learn, ascending.
  let weightLayers: [Int]
  /// Ascending shares that were measured, by layer.
  let fractions: [Int: [Double]]

  init(_ worth: PartWorth) {
    self.worth = worth
    fractions = worth.weights.mapValues { $0.keys.sorted() }
    weightLayers = worth.weights.keys.sorted()
    biasLayers = worth.biases.keys.sorted()
  }

  /// Layers of which anything may learn, ascending.
  var openLayers: [Int] { Set(biasLayers).union(weightLayers).sorted() }

  func scheme(_ genome: SchemeGenome) -> UpdateScheme {
    UpdateScheme(
      name: "searched", biases: genome.biases, weights: shares(genome).mapValues { .fraction($0) })
  }

  /// The summed worth of a scheme's parts.
  func score(_ genome: SchemeGenome) -> Double {
    worth.sum(biases: genome.biases, weights: shares(genome))
  }

  private func shares(_ genome: SchemeGenome) -> [Int: Double] {
    var shares: [Int: Double] = [:]
    for (layer, index) in genome.weights { shares[layer] = fractions[layer]?[index] }
    return shares
  }

  /// The biases from a layer on.
  func biases(from layer: Int) -> Set<Int> { Set(biasLayers.filter { $0 >= layer }) }

  /// Nothing learns in front of a layer drawn by chance; behind it all biases, or some of them, and some
  /// weights.
  func random(using generator: inout SplitMix64) -> SchemeGenome {
    let layers = openLayers
    let position = generator.below(layers.count + 1)
    guard position < layers.count else { return SchemeGenome() }
    let first = layers[position]
    let share = 1 + generator.below(8)
    var genome = SchemeGenome()
    for layer in biasLayers where layer >= first && (share > 4 || generator.below(4) < share) {
      genome.biases.insert(layer)
    }
    let density = 1 + generator.below(8)
    for layer in weightLayers where layer >= first && generator.below(8) < density {
      genome.weights[layer] = generator.below(fractions[layer]?.count ?? 1)
    }
    return genome
  }

  /// One to three changes: one more or one less bias, everything in front of a layer frozen or its biases
  /// learning from there on, another share of one layer, or a share moved to another layer.
  func mutated(_ genome: SchemeGenome, using generator: inout SplitMix64) -> SchemeGenome {
    var genome = genome
    for _ in 0...generator.below(3) {
      switch generator.below(5) {
      case 0:
        guard let layer = biasLayers.element(generator.below(biasLayers.count)) else { continue }
        genome.biases.formSymmetricDifference([layer])
      case 1:
        guard let first = openLayers.element(generator.below(openLayers.count)) else { continue }
        if genome.first.map({ $0 <= first }) ?? false {
          genome.biases.formIntersection(biases(from: first))
          genome.weights = genome.weights.filter { $0.key >= first }
        } else {
          genome.biases.formUnion(biases(from: first).subtracting(biases(from: genome.first ?? .max)))
        }
      case 2:
        guard let layer = genome.weights.keys.sorted().element(generator.below(genome.weights.count))
        else { continue }
        let moved = genome.weights.removeValue(forKey: layer)
        guard let other = weightLayers.element(generator.below(weightLayers.count)) else { continue }
        genome.weights[other] = min(moved ?? 0, (fractions[other]?.count ?? 1) - 1)
      default:
        guard let layer = weightLayers.element(generator.below(weightLayers.count)) else { continue }
        let choice = generator.below((fractions[layer]?.count ?? 0) + 1)
        genome.weights[layer] = choice == 0 ? nil : choice - 1
      }
    }
    return genome
  }

  /// Each layer's bias and share from one parent or the other.
  func crossed(_ one: SchemeGenome, _ other: SchemeGenome, using generator: inout SplitMix64) -> SchemeGenome
  {
    var child = SchemeGenome()
    for layer in biasLayers where (generator.below(2) == 0 ? one : other).biases.contains(layer) {
      child.biases.insert(layer)
    }
    for layer in weightLayers {
      child.weights[layer] = generator.below(2) == 0 ? one.weights[layer] : other.weights[layer]
    }
    return child
  }
}

extension SchemeGenome {
  /// The first layer of which anything learns.
  fileprivate var first: Int? { biases.union(weights.keys).min() }
}

extension SplitMix64 {
  /// A number in 0 ..< `bound`; 0 for a bound below 1.
  mutating func below(_ bound: Int) -> Int { bound < 1 ? 0 : Int(next() % UInt64(bound)) }
}

extension Array {
  fileprivate func element(_ index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}
