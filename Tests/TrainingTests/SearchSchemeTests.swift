import Compiler
import TestNetworks
import Testing
import Training

/// A made-up network of ten layers: biases are worth little, the weights of layers 6 and 8 much, and every
/// part takes memory of its own.
struct SearchSchemeTests {
  private let contribution: Contribution
  private let fractions = [0.25, 0.5, 1]
  private let layers: [UpdatableLayer]
  /// The same where layers 5, 8 and 9 have no bias.
  private let layersWithFewBiases: [UpdatableLayer]

  init() throws {
    var network = try NetworkBuilder("ten", input: [4, 6, 6])
    for _ in 0..<10 { try network.convolution(4) }
    layers = try updatableLayers(of: network.graph)
    try #require(layers.map(\.name) == (0..<10).map { "conv\($0)" })
    layersWithFewBiases = try updatableLayers(
      of: network.graph.withoutBiases(of: ["conv5", "conv8", "conv9"]))
    let worth: [Int: Double] = [5: 0.002, 6: 0.02, 7: -0.004, 8: 0.03, 9: 0.001]
    contribution = Contribution(
      headAccuracy: 0.8, headLoss: 0.9,
      biases: [2, 5].map { .init(count: $0, gain: 0.001 * Double($0), loss: 0.9 - 0.01 * Double($0)) },
      baseBiases: 5, baseLoss: 0.8,
      weights: worth.sorted { $0.key < $1.key }.flatMap { layer, gain in
        [0.25, 0.5, 1].map { share in
          .init(
            layer: layer, name: "layer\(layer)", fraction: share, gain: gain * share.squareRoot(),
            loss: 0.8 - 2 * gain * share.squareRoot())
        }
      })
  }

  @Sendable private static func cost(_ scheme: UpdateScheme) -> SchemeCost {
    let weights = scheme.weights.reduce(0) { sum, entry in
      guard case .fraction(let share) = entry.value else { return sum }
      return sum + Int(Double(1000 * entry.key) * share)
    }
    return SchemeCost(sramBytes: 500 + 100 * scheme.biases.count + weights, instructions: nil)
  }

  /// The best score of all 6 · 4⁵ schemes within the budget.
  private func optimum(_ budget: Int, _ layers: [UpdatableLayer]) -> Double {
    var best = -1.0
    for biases in 0...5 {
      for code in 0..<1024 {
        var shares: [Int: Double] = [:]
        for position in 0..<5 {
          let choice = code >> (2 * position) & 3
          if choice > 0, 5 + position >= 10 - biases { shares[5 + position] = fractions[choice - 1] }
        }
        var scheme = UpdateScheme.lastBiases(biases, of: 10).withoutAbsentBiases(of: layers)
        scheme.weights = shares.mapValues { .fraction($0) }
        guard Self.cost(scheme).sramBytes <= budget else { continue }
        let deepest = scheme.biases.min().map { 10 - $0 } ?? 0
        best = max(best, contribution.gain(biases: deepest, weights: shares, .accuracy))
      }
    }
    return best
  }

  private func run(
    _ budget: SchemeBudget, _ layers: [UpdatableLayer]? = nil, seed: UInt64 = 1, generations: Int = 20
  ) async throws -> SearchOutcome {
    try await searchScheme(
      contribution, layers: layers ?? self.layers, budget: budget,
      SearchSettings(population: 32, generations: generations, seed: seed, measure: .accuracy),
      jobs: 2, cost: Self.cost)
  }

  @Test(arguments: [900, 5000, 9000, 30_000])
  func theBestSchemeWithinTheBudgetIsFound(budget: Int) async throws {
    let outcome = try await run(SchemeBudget(sramBytes: budget))
    let best = try #require(outcome.best.first)
    #expect(abs(best.score - optimum(budget, layers)) < 1e-12)
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
    #expect(abs(best.score - optimum(budget, layers)) < 1e-12)
  }

  @Test(arguments: [900, 9000, 30_000])
  func biasesThatAreNotThereAreNoPartOfAScheme(budget: Int) async throws {
    let layers = layersWithFewBiases
    let outcome = try await run(SchemeBudget(sramBytes: budget), layers)
    let best = try #require(outcome.best.first)
    #expect(abs(best.score - optimum(budget, layers)) < 1e-12)
    #expect(Set(outcome.best.map(\.scheme)).count == outcome.best.count)
    for entry in outcome.best {
      #expect(entry.scheme.biases.isDisjoint(with: [5, 8, 9]))
      #expect(contribution.gain(of: entry.scheme, layers: layers, .accuracy) == entry.score)
    }
    // Weights of a layer that has no bias learn all the same.
    #expect(budget < 30_000 || best.scheme.weights.keys.contains(8))
  }

  @Test func theSameSeedFindsTheSame() async throws {
    let budget = SchemeBudget(sramBytes: 7000)
    #expect(try await run(budget) == run(budget))
  }

  @Test func aLimitOfInstructionsNeedsMeasuredOnes() async throws {
    let outcome = try await run(SchemeBudget(sramBytes: 7000, instructions: 1000))
    #expect(outcome.best.isEmpty && outcome.random == nil)
  }

  @Test func gainsAreSummedAndBiasesInterpolated() {
    #expect(abs(contribution.gain(biases: 5, weights: [6: 1, 8: 1], .accuracy) - 0.055) < 1e-12)
    #expect(abs(contribution.gain(biases: 3, weights: [:], .accuracy) - 0.003) < 1e-12)
    #expect(abs(contribution.gain(biases: 5, weights: [6: 1, 8: 1], .loss) - 0.15) < 1e-12)
    var scheme = UpdateScheme.lastBiases(5, of: 10)
    scheme.weights = [8: .fraction(1)]
    #expect(abs((contribution.gain(of: scheme, layers: layers, .accuracy) ?? 0) - 0.035) < 1e-12)
    scheme.weights = [3: .fraction(1)]
    #expect(contribution.gain(of: scheme, layers: layers, .accuracy) == nil, "a layer that was not analysed")
  }

  @Test func theFrontHasWhatNothingBeats() {
    let members = [(3.0, 5.0), (2, 4), (2, 6), (3, 5), (1, 1)]
    let front = paretoFront(members, gains: { [$0.0] }, costs: { [$0.1] })
    #expect(front.map(\.1) == [5, 4, 5, 1])
  }

  @Test func tableAndChartShowEveryPart() throws {
    let lines = contribution.csv.split(separator: "\n")
    #expect(lines.count == 2 + 2 + 15)
    #expect(lines[1] == "head,,,,80,0.9" && lines.contains("weights,8,layer8,1.0,3,0.74"))
    let svg = ContributionChart(contribution, title: "a < b").svg
    #expect(svg.components(separatedBy: "<title>").count - 1 == 15)
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
