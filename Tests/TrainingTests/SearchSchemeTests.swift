import Compiler
import Synchronization
import Testing
import Training

/// A made-up network of ten layers: biases are worth little, the weights of layers 6 and 8 much, and every
/// part takes memory of its own.
struct SearchSchemeTests {
  private let contribution: Contribution
  /// The same where layers 5, 8 and 9 have no bias.
  private let fewBiases: Contribution
  private let fractions = [0.25, 0.5, 1]

  init() {
    let worth: [Int: Double] = [5: 0.002, 6: 0.02, 7: -0.004, 8: 0.03, 9: 0.001]
    let biasWorth: [Int: Double] = [5: 0.001, 6: -0.002, 7: 0.003, 8: 0.0005, 9: 0.004]
    var contribution = Contribution(
      headAccuracy: 0.8, headLoss: 0.9,
      biases: [2, 5].map { .init(count: $0, gain: 0.001 * Double($0), loss: 0.9 - 0.01 * Double($0)) },
      layerBiases: biasWorth.sorted { $0.key < $1.key }.map { layer, gain in
        .init(
          layer: layer, name: "layer\(layer)", gainAlone: 1.5 * gain, lossAlone: 0.9 - 3 * gain,
          gainBesideOthers: 0.5 * gain, lossWithout: 0.8 + gain)
      },
      baseBiases: 5, baseLoss: 0.8,
      weights: worth.sorted { $0.key < $1.key }.flatMap { layer, gain in
        [0.25, 0.5, 1].map { share in
          .init(
            layer: layer, name: "layer\(layer)", fraction: share, gain: gain * share.squareRoot(),
            loss: 0.8 - 2 * gain * share.squareRoot())
        }
      })
    self.contribution = contribution
    contribution.layerBiases.removeAll { [5, 8, 9].contains($0.layer) }
    fewBiases = contribution
  }

  /// The way back takes memory, too: 40 bytes for each layer.
  @Sendable private static func cost(_ scheme: UpdateScheme) -> SchemeCost {
    let weights = scheme.weights.reduce(0) { sum, entry in
      guard case .fraction(let share) = entry.value else { return sum }
      return sum + Int(Double(1000 * entry.key) * share)
    }
    let first = scheme.biases.union(scheme.weights.keys).min() ?? 10
    let biases = scheme.biases.reduce(0) { $0 + 60 + 10 * $1 }
    return SchemeCost(sramBytes: 500 + 40 * (10 - first) + biases + weights, instructions: nil)
  }

  /// The best score of all 2⁵ · 4⁵ schemes within the budget.
  private func optimum(_ budget: Int, _ contribution: Contribution) -> Double {
    let worth = contribution.worth(.accuracy)
    let biased = worth.biases.keys.sorted()
    var best = -1.0
    for mask in 0..<(1 << biased.count) {
      let biases = Set(biased.indices.filter { mask >> $0 & 1 == 1 }.map { biased[$0] })
      for code in 0..<1024 {
        var shares: [Int: Double] = [:]
        for position in 0..<5 {
          let choice = code >> (2 * position) & 3
          if choice > 0 { shares[5 + position] = fractions[choice - 1] }
        }
        let scheme = UpdateScheme(name: "", biases: biases, weights: shares.mapValues { .fraction($0) })
        guard Self.cost(scheme).sramBytes <= budget else { continue }
        best = max(best, worth.sum(biases: biases, weights: shares))
      }
    }
    return best
  }

  private func run(
    _ budget: SchemeBudget, _ contribution: Contribution? = nil, seed: UInt64 = 1, generations: Int = 20
  ) async throws -> SearchOutcome {
    try await searchScheme(
      (contribution ?? self.contribution).worth(.accuracy), budget: budget,
      SearchSettings(population: 32, generations: generations, seed: seed, refinements: 0),
      jobs: 2, cost: Self.cost)
  }

  @Test(arguments: [900, 5000, 9000, 30_000])
  func theBestSchemeWithinTheBudgetIsFound(budget: Int) async throws {
    let outcome = try await run(SchemeBudget(sramBytes: budget))
    let best = try #require(outcome.best.first)
    #expect(abs(best.score - optimum(budget, contribution)) < 1e-12)
    #expect(outcome.best.allSatisfy { $0.cost.sramBytes <= budget })
    #expect(outcome.best.map(\.score) == outcome.best.map(\.score).sorted(by: >))
    #expect(Set(outcome.best.map(\.scheme)).count == outcome.best.count)
    for entry in outcome.best { #expect(entry.cost == Self.cost(entry.scheme)) }
    #expect(try #require(outcome.random).score <= best.score)
  }

  /// Here memory does add up: the search starts where it would end.
  @Test(arguments: [1100, 5100, 9100, 30_000])
  func theSearchStartsFromWhatFillsTheBudget(budget: Int) async throws {
    let best = try #require(try await run(SchemeBudget(sramBytes: budget), generations: 0).best.first)
    #expect(abs(best.score - optimum(budget, contribution)) < 1e-12)
  }

  @Test(arguments: [900, 9000, 30_000])
  func biasesThatAreNotThereAreNoPartOfAScheme(budget: Int) async throws {
    let outcome = try await run(SchemeBudget(sramBytes: budget), fewBiases)
    let best = try #require(outcome.best.first)
    #expect(abs(best.score - optimum(budget, fewBiases)) < 1e-12)
    #expect(Set(outcome.best.map(\.scheme)).count == outcome.best.count)
    for entry in outcome.best {
      #expect(entry.scheme.biases.isDisjoint(with: [5, 8, 9]))
      #expect(fewBiases.worth(.accuracy).sum(of: entry.scheme) == entry.score)
    }
    // Weights of a layer that has no bias learn all the same.
    #expect(budget < 30_000 || best.scheme.weights.keys.contains(8))
  }

  @Test func aBiasThatIsWorthNothingIsFrozenBetweenOthers() async throws {
    let best = try #require(try await run(SchemeBudget(sramBytes: 30_000)).best.first)
    #expect(best.scheme.biases == [5, 7, 8, 9])
  }

  @Test func theSameSeedFindsTheSame() async throws {
    let budget = SchemeBudget(sramBytes: 7000)
    #expect(try await run(budget) == run(budget))
  }

  @Test func aLimitOfInstructionsNeedsMeasuredOnes() async throws {
    let outcome = try await run(SchemeBudget(sramBytes: 7000, instructions: 1000))
    #expect(outcome.best.isEmpty && outcome.random == nil)
  }

  @Test func gainsAreSummed() {
    let (worth, loss) = (contribution.worth(.accuracy), contribution.worth(.loss))
    let weights: [Int: Double] = [6: 1, 8: 1]
    #expect(abs(worth.sum(biases: [5, 9], weights: weights) - 0.055) < 1e-12)
    #expect(abs(worth.sum(biases: [7], weights: [:]) - 0.003) < 1e-12)
    #expect(abs(loss.sum(biases: [7], weights: weights) - 0.106) < 1e-12)
    var scheme = UpdateScheme(name: "", biases: [9], weights: [8: .fraction(1)])
    #expect(abs((worth.sum(of: scheme) ?? 0) - 0.034) < 1e-12)
    scheme.weights = [3: .fraction(1)]
    #expect(worth.sum(of: scheme) == nil, "weights that were not analysed")
    scheme = .lastBiases(6, of: 10)
    #expect(worth.sum(of: scheme) == nil, "a bias that was not analysed")
  }

  /// Beside learning weights the biases are worth nothing here, and weights of layer 7 something.
  @Test func aRefinedWorthLeadsToAnotherScheme() async throws {
    let budget = SchemeBudget(sramBytes: 9000)
    let first = try await run(budget)
    let asked = Mutex<[UpdateScheme]>([])
    var settings = SearchSettings(population: 32, generations: 20, seed: 1, refinements: 2)
    let refined = try await searchScheme(
      contribution.worth(.accuracy), budget: budget, settings, jobs: 2, cost: Self.cost,
      refine: { worth, scheme in
        asked.withLock { $0.append(scheme) }
        var worth = worth
        worth.biases = worth.biases.mapValues { _ in -0.001 }
        worth.weights[7] = [0.25: 0.05, 0.5: 0.05, 1: 0.05]
        return worth
      })
    #expect(asked.withLock { $0.count } == 2 && asked.withLock { $0[0] } == first.best[0].scheme)
    let best = try #require(refined.best.first)
    #expect(best.scheme.biases.isEmpty && best.scheme.weights[7] == .fraction(0.25))
    #expect(refined.worth.sum(of: best.scheme) == best.score)
    settings.refinements = 0
    let same = try await searchScheme(
      contribution.worth(.accuracy), budget: budget, settings, jobs: 1, cost: Self.cost)
    #expect(same == first)
  }

  @Test func theFrontHasWhatNothingBeats() {
    let members = [(3.0, 5.0), (2, 4), (2, 6), (3, 5), (1, 1)]
    let front = paretoFront(members, gains: { [$0.0] }, costs: { [$0.1] })
    #expect(front.map(\.1) == [5, 4, 5, 1])
  }

  @Test func tableAndChartShowEveryPart() throws {
    let lines = contribution.csv.split(separator: "\n")
    #expect(lines.count == 2 + 2 + 10 + 15)
    #expect(lines[1] == "head,,,,80,0.9" && lines.contains("weights,8,layer8,1.0,3,0.74"))
    #expect(lines.contains("bias,7,layer7,alone,0.45,0.891"))
    #expect(lines.contains("bias,7,layer7,without,0.15,0.803"))
    let svg = ContributionChart(contribution, title: "a < b").svg
    #expect(svg.components(separatedBy: "<title>").count - 1 == 15 + 5)
    #expect(svg.contains("a &lt; b") && svg.hasSuffix("</svg>\n"))
    let pareto = ParetoChart(
      [
        .init(name: "one", sramBytes: 1000, accuracy: 0.8, isOnFront: true),
        .init(name: "two", sramBytes: 2000, accuracy: 0.7, isOnFront: false),
      ], title: "schemes"
    ).svg
    #expect(pareto.components(separatedBy: "<circle").count - 1 == 2)
  }
}
