import Compiler
import Foundation
import Graph
import KernelBridge
import Synchronization
import TestNetworks
import Testing
import Training

/// Trials on a small network with 60 samples of four classes.
struct SchemeTrialsTests {
  private let folder: TemporaryFolder
  private let data: Dataset

  init() throws {
    folder = try TemporaryFolder()
    var generator = SeededGenerator(seed: 3)
    let rows = (0..<60).map { position in
      let label = position % 4
      let values = (0..<432).map { index in
        Int.random(in: -30...30, using: &generator) + (index % 4 == label ? 60 : -20)
      }
      return values.map(String.init).joined(separator: ",") + ",\(label)\n"
    }
    data = try Dataset.load(
      folder.write("samples.csv", rows.joined()), options: DatasetOptions(heldOut: .last(12)))
  }

  private func trials(
    _ settings: TrialSettings = .init(epochs: 2, rate: 0.002, seeds: [1, 2]), of network: Graph? = nil
  ) async throws -> SchemeTrials {
    let kernels = try await hostKernels.value
    let model = try network ?? networkOfEverything()
    let parts = data.train.split(every: 4, from: 3)
    return SchemeTrials(
      plan: { scheme in
        try compile(model, CompileOptions(classes: 4, update: .scheme(scheme)), ask: kernels.answers)
      }, kernels: kernels, train: parts.others, validation: parts.chosen, settings: settings,
      store: TrialStore(folder: folder.path + "/trials"), identity: "everything")
  }

  private func cost(_ scheme: UpdateScheme) -> SchemeCost {
    SchemeCost(sramBytes: 1000 + 100 * scheme.weights.count + 10 * scheme.biases.count, instructions: nil)
  }

  @Test func theSplitKeepsEverySampleOnce() {
    let parts = data.train.split(every: 4, from: 3)
    #expect(parts.others.count == 36 && parts.chosen.count == 12)
    #expect(parts.chosen.location(of: 0).hasSuffix(":4"))
    #expect(parts.others.location(of: 3).hasSuffix(":5"))
    let tested = (0..<4).flatMap { first in
      let fold = data.train.split(every: 4, from: first)
      #expect(fold.others.count + fold.chosen.count == 48)
      return (0..<fold.chosen.count).map { fold.chosen.location(of: $0) }
    }
    #expect(Set(tested).count == 48, "each sample tests in one of the folds")
  }

  @Test func whatWasTriedIsNotTriedAgain() async throws {
    let trials = try await trials()
    let schemes = [UpdateScheme.headOnly, .lastBiases(2, of: 8)]
    let stored = Mutex<[Int]>([])
    let first = try await trials.outcomes(of: schemes, jobs: 2) { _, _, known in
      stored.withLock { $0.append(known) }
    }
    #expect(stored.withLock { $0 } == [0, 0, 0, 0, 0], "four trainings, told before and after each")
    #expect(trials.pending(schemes).isEmpty)
    let again = try await trials.outcomes(of: schemes + [.lastBiases(1, of: 8)], jobs: 1) { _, _, known in
      stored.withLock { $0.append(known) }
    }
    #expect(stored.withLock { $0 }.suffix(3) == [4, 4, 4])
    #expect(Array(again.prefix(2)) == first)
    #expect(first[0].result.loss != first[1].result.loss)
    #expect(first.allSatisfy { (0...1).contains($0.result.accuracy) && $0.result.loss > 0 })
    // Equal content, another name.
    var renamed = schemes[1]
    renamed.name = "other"
    #expect(trials.pending([renamed]).isEmpty)
    #expect(trials.with(epochs: 3).pending(schemes).count == 2)
  }

  @Test func aBrokenResultIsMeasuredAgain() async throws {
    let trials = try await trials()
    let first = try await trials.outcomes(of: [.headOnly], jobs: 1)
    let results = folder.path + "/trials"
    for name in try FileManager.default.contentsOfDirectory(atPath: results) {
      try Data("{".utf8).write(to: URL(filePath: results + "/" + name))
    }
    #expect(trials.pending([.headOnly]).count == 1)
    #expect(try await trials.outcomes(of: [.headOnly], jobs: 1) == first)
  }

  @Test func whatIsLostElsewhereIsAskedForAgain() async throws {
    let here = try await trials()
    let schemes = [UpdateScheme.headOnly, .lastBiases(1, of: 8), .lastBiases(2, of: 8)]
    let asked = Mutex<[Int]>([])
    let elsewhere = here.running { wanted, arrived in
      asked.withLock { $0.append(wanted.count) }
      // A node dies behind its first half.
      try await here.train(Array(wanted.prefix((wanted.count + 1) / 2)), jobs: 1)
      #expect(arrived() == (wanted.count + 1) / 2)
    }
    await #expect(throws: LostTrials(count: 3, of: 6)) { try await elsewhere.outcomes(of: schemes, jobs: 1) }
    await #expect(throws: LostTrials(count: 1, of: 3)) { try await elsewhere.outcomes(of: schemes, jobs: 1) }
    let outcomes = try await elsewhere.outcomes(of: schemes, jobs: 1)
    #expect(asked.withLock { $0 } == [6, 3, 1])
    #expect(try await here.outcomes(of: schemes, jobs: 1) == outcomes)
  }

  @Test func contributionsAreDifferencesOfTrials() async throws {
    let trials = try await trials(.init(epochs: 1, rate: 0.002))
    let layers = try updatableLayers(of: attachHead(networkOfEverything(), classes: 4))
    let settings = ContributionSettings(layers: layers.count, depth: 2, fractions: [0.5, 1])
    let contribution = try await analyzeContribution(trials, settings, layers: layers, jobs: 2)
    #expect(contribution.biases.map(\.count) == [1, 2])
    #expect(contribution.weights.map(\.layer) == [6, 6, 7, 7])
    let base = UpdateScheme.lastBiases(2, of: layers.count)
    var whole = base
    whole.weights = [layers.count - 1: .fraction(1)]
    let last = UpdateScheme.lastBiases(1, of: layers.count)
    let outcomes = try await trials.outcomes(of: [.headOnly, base, whole, last], jobs: 1).map(\.result)
    #expect(contribution.headAccuracy == outcomes[0].accuracy)
    #expect(contribution.biases[1].gain == outcomes[1].accuracy - outcomes[0].accuracy)
    #expect(contribution.weights[3].gain == outcomes[2].accuracy - outcomes[1].accuracy)
    #expect(contribution.weights[3].loss == outcomes[2].loss)
    // Of two biases, freezing the other leaves the last one alone.
    #expect(contribution.layerBiases.map(\.layer) == [6, 7])
    #expect(contribution.layerBiases[1].lossAlone == outcomes[3].loss)
    #expect(contribution.layerBiases[0].lossWithout == outcomes[3].loss)
    #expect(contribution.layerBiases[1].gainAlone == outcomes[3].accuracy - outcomes[0].accuracy)
    #expect(contribution.layerBiases[0].gainBesideOthers == outcomes[1].accuracy - outcomes[3].accuracy)
  }

  @Test func biasesAreWeighedBesideWeights() async throws {
    let trials = try await trials(.init(epochs: 1, rate: 0.05))
    let scheme = UpdateScheme(name: "", biases: [6, 7], weights: [7: .fraction(1)])
    var without = scheme
    without.biases = []
    let results = try await trials.outcomes(of: [scheme, without], jobs: 2).map(\.result)
    let left = results[1].loss - results[0].loss
    try #require(left != 0)
    // Twice and half of what is left: the share is between nothing and all.
    for (expected, share) in [(2 * abs(left), left > 0 ? 0.5 : 0), (abs(left) / 2, left > 0 ? 1 : 0)] {
      let worth = PartWorth(biases: [5: 0.7, 6: expected / 4, 7: 3 * expected / 4], weights: [7: [1: 0.3]])
      let found = try await discountingBiases(worth, beside: scheme, trials, .loss, jobs: 1)
      #expect(found.weights == worth.weights)
      for (layer, value) in worth.biases {
        #expect(abs((found.biases[layer] ?? -1) - share * value) < 1e-9)
      }
    }
    let worthless = PartWorth(biases: [6: 0.1, 7: -0.2])
    #expect(try await discountingBiases(worthless, beside: scheme, trials, .loss, jobs: 1) == worthless)
  }

  @Test func aNetworkWithoutSomeBiasesIsAnalysedAndFrozen() async throws {
    let whole = try networkOfEverything()
    let names = try updatableLayers(of: attachHead(whole, classes: 4)).map(\.name)
    let network = whole.withoutBiases(of: [names[5], names[7]])
    let layers = try updatableLayers(of: attachHead(network, classes: 4))
    let trials = try await trials(.init(epochs: 1, rate: 0.002), of: network)
    let settings = ContributionSettings(layers: layers.count, depth: 2, fractions: [1])
    let trained = Mutex(0)
    let contribution = try await analyzeContribution(trials, settings, layers: layers, jobs: 2) {
      _, total, _ in
      trained.withLock { $0 = total }
    }
    #expect(trained.withLock { $0 } == 4, "head, one bias, and each of two weights beside it")
    #expect(contribution.biases.map(\.count) == [1, 2] && contribution.biases[0].gain == 0)
    #expect(contribution.weights.map(\.layer) == [6, 7])
    #expect(contribution.layerBiases.map(\.layer) == [6])

    let full = UpdateScheme.last(3, of: 8).withoutAbsentBiases(of: layers)
    let all = try await freezeTensors(
      trials, from: full, FreezeSettings(largestDrop: 1), jobs: 2, cost: { cost($0) })
    #expect(all.curve.count == 5, "the start, and each of four tensors")
    #expect(all.curve.filter(\.isBias).map(\.layer) == [6])
  }

  @Test func freezingGoesOnUntilTheAccuracyDips() async throws {
    let trials = try await trials(.init(epochs: 1, rate: 0.002))
    let full = UpdateScheme.last(3, of: 8)
    let all = try await freezeTensors(
      trials, from: full, FreezeSettings(largestDrop: 1), jobs: 2, cost: { cost($0) })
    #expect(all.curve.count == 7, "the start, and each of six tensors")
    #expect(all.curve.last?.scheme.weights.isEmpty == true && all.curve.last?.scheme.biases.isEmpty == true)
    #expect(all.curve.map(\.cost.sramBytes) == all.curve.map(\.cost.sramBytes).sorted(by: >))
    #expect(all.chosen == all.curve.last)
    for (before, after) in zip(all.curve, all.curve.dropFirst()) {
      #expect(
        before.scheme.weights.count + before.scheme.biases.count
          == after.scheme.weights.count + after.scheme.biases.count + 1)
    }
    // The first frozen is the one whose absence costs least.
    var best = -1.0
    for layer in 5..<8 {
      var (weightless, biasless) = (full, full)
      weightless.weights[layer] = nil
      biasless.biases.remove(layer)
      for scheme in [weightless, biasless] {
        best = max(best, try await trials.outcomes(of: [scheme], jobs: 1)[0].result.accuracy)
      }
    }
    #expect(all.curve[1].accuracy == best)

    let dip = all.curve.map { all.curve[0].accuracy - $0.accuracy }
    let strict = try await freezeTensors(
      trials, from: full, FreezeSettings(largestDrop: -0.5), jobs: 1, cost: { cost($0) })
    #expect(strict.curve.count == 2 && strict.chosen == strict.curve[0], "\(dip)")
  }

  /// Whatever the threshold: the furthest that holds of the points that were trained, and the next one was
  /// trained, too, and does not hold.
  @Test(arguments: [1, 2, 3])
  func longerTrainingsFindHowFarACurveHolds(jobs: Int) async throws {
    let trials = try await trials(.init(epochs: 1, rate: 0.002))
    let all = try await freezeTensors(
      trials, from: .last(3, of: 8), FreezeSettings(largestDrop: 1), jobs: 2, cost: { cost($0) })
    let longer = trials.with(epochs: 2)
    let known = try await longer.outcomes(of: all.curve.map(\.scheme), jobs: 2).map(\.result.accuracy)
    for drop in Set(known.map { known[0] - $0 }).union([-1, 1]) {
      let verified = try await verifyFreezing(all, FreezeSettings(largestDrop: drop), longer, jobs: jobs)
      for (position, accuracy) in verified.accuracies { #expect(accuracy == known[position]) }
      let holding = verified.accuracies.filter { known[0] - $0.value <= drop + 1e-9 }.keys
      #expect(verified.chosen == holding.max() ?? 0, "the furthest of those that were trained and hold")
      let next = verified.chosen + 1
      #expect(
        next == all.curve.count || drop < 0 || verified.accuracies[next].map { known[0] - $0 > drop } == true,
        "and the next one does not")
    }
    let end = try await verifyFreezing(all, FreezeSettings(largestDrop: 1), longer, jobs: jobs)
    #expect(
      end.chosen == all.curve.count - 1 && end.accuracies.count == 2, "where the end holds, that is all")
  }

  @Test func measuredCallsPriceAnotherPlan() async throws {
    let kernels = try await hostKernels.value
    func plan(_ scheme: UpdateScheme) throws -> Plan {
      let options = CompileOptions(classes: 4, update: .scheme(scheme))
      return try compile(try networkOfEverything(), options, ask: kernels.answers)
    }
    let measured = try plan(.last(8, of: 8))
    let table = InstructionTable(measured, instructions: measured.steps.map { 10 * $0.macs + 7 })
    #expect(table.estimate(measured) == measured.steps.reduce(0) { $0 + 10 * $1.macs + 7 })
    let head = try plan(.headOnly)
    let estimate = try #require(table.estimate(head))
    let exact = head.steps.reduce(0) { $0 + 10 * $1.macs + 7 }
    #expect(abs(estimate - exact) <= exact / 50)
    #expect(InstructionTable().estimate(head) == nil)
  }
}
