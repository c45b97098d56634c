import Graph
import Operators
import TestNetworks
import Testing

import Compiler

/// Answers every question with the given kernels beside the contract's.
private func catalog(_ fast: @escaping (KernelQuery) -> [KernelCandidate]) -> ([KernelQuery]) -> KernelCatalog
{
  { queries in
    KernelCatalog(
      candidates: Dictionary(
        uniqueKeysWithValues: queries.map {
          ($0, fast($0) + [KernelCandidate(symbol: $0.symbol, backend: "portable", scratchBytes: 8)])
        }))
  }
}

struct ChooseKernelsTests {
  private let options = CompileOptions(classes: 4, update: .named("bias-1"))

  private func candidate(
    _ query: KernelQuery, _ name: String, _ instructions: Int, cycles: Int? = nil, layout: String? = nil
  ) -> KernelCandidate {
    KernelCandidate(
      symbol: "\(query.symbol)_\(name)", backend: name, layout: layout, scratchBytes: 16,
      instructions: instructions, cycles: cycles)
  }

  @Test func theCheapestKernelIsTakenAndTheReferenceIsTheLast() throws {
    let ask = catalog { query in
      query.symbol == "tinysdk_conv2d_1x1_s8"
        ? [candidate(query, "slow", 200), candidate(query, "quick", 100)] : []
    }
    let plan = try compile(try networkOfEverything(), options, ask: ask)
    let pointwise = plan.steps.filter { $0.contract == "tinysdk_conv2d_1x1_s8" }
    #expect(!pointwise.isEmpty)
    #expect(pointwise.allSatisfy { $0.call.symbol == "tinysdk_conv2d_1x1_s8_quick" && $0.backend == "quick" })
    #expect(pointwise.allSatisfy { $0.scratchBytes == 16 && $0.considered.count == 3 })
    #expect(plan.steps.filter { $0.contract != $0.call.symbol }.count == pointwise.count)
    let model = try #require(try emitC(plan).first { $0.name == "model.c" })
    #expect(
      model.text.contains("extern __typeof__(tinysdk_conv2d_1x1_s8) tinysdk_conv2d_1x1_s8_quick;"))
  }

  @Test func theGoalDecides() throws {
    let ask = catalog { [candidate($0, "short", 100, cycles: 90), candidate($0, "swift", 120, cycles: 70)] }
    var options = options
    #expect(
      try compile(try networkOfEverything(), options, ask: ask).steps.allSatisfy { $0.backend == "short" })
    options.optimize = .cycles
    #expect(
      try compile(try networkOfEverything(), options, ask: ask).steps.allSatisfy { $0.backend == "swift" })
  }

  @Test func memoryIsSavedWhereABoardHasNotEnough() throws {
    let ask = catalog { query in
      var fast = candidate(query, "hungry", 10)
      fast.scratchBytes = 4000
      return [fast]
    }
    let free = try compile(try networkOfEverything(), options, ask: ask)
    #expect(free.steps.contains { $0.backend == "hungry" })
    var frugal = options
    frugal.optimize = .memory
    let small = try compile(try networkOfEverything(), frugal, ask: ask)
    #expect(small.steps.allSatisfy { $0.backend == "portable" })
    #expect(small.arena.bytes < free.arena.bytes)
  }

  @Test func layersPackTheirWeightsWhereEveryReaderAgrees() throws {
    let packable: Set = ["tinysdk_conv2d_1x1_s8", "tinysdk_conv2d_1x1_input_gradient_f32"]
    let ask = catalog { query in
      packable.contains(query.symbol) ? [candidate(query, "pairs", 10, layout: "pairs")] : []
    }
    let options = CompileOptions(classes: 4, update: .named("bias-4"))
    let plan = try compile(try networkOfEverything(), options, ask: ask) { query in
      [1] + query.weights
    }
    #expect(!plan.packedWeights.isEmpty)
    for (name, bytes) in plan.packedWeights {
      #expect(bytes == [1] + (try plan.graph.tensor(name).data ?? []))
      let readers = plan.steps.filter { $0.node.inputs.contains(name) }
      #expect(readers.allSatisfy { $0.backend == "pairs" })
    }
    let data = try #require(try emitC(plan).first { $0.name == "model_data.c" })
    #expect(data.text.contains("__attribute__((aligned(8)))"))
    let refused = try compile(try networkOfEverything(), options, ask: ask) { _ in nil }
    #expect(refused.packedWeights.isEmpty && refused.steps.allSatisfy { $0.backend != "pairs" })
  }

  @Test func weightsThatLearnStayAsTheyAre() throws {
    let ask = catalog { query in [candidate(query, "pairs", 10, layout: "pairs")] }
    let plan = try compile(
      try networkOfEverything(), CompileOptions(classes: 4, update: .named("last-8")), ask: ask
    ) { $0.weights }
    for name in plan.packedWeights.keys { #expect(try plan.graph.tensor(name).role == .constant) }
    #expect(
      plan.steps.filter { $0.node.phase == .update }.allSatisfy { $0.backend != "pairs" })
  }

  @Test func everyKernelThatWasNotTakenHasItsReason() throws {
    let pointwise = "tinysdk_conv2d_1x1_s8"
    let answers: ([KernelQuery]) -> KernelCatalog = { queries in
      var catalog = catalog { query in
        guard query.symbol == pointwise else { return [] }
        return [
          candidate(query, "wide", 300), candidate(query, "pairs", 10, layout: "pairs"),
          candidate(query, "fours", 20, layout: "fours"), candidate(query, "slow_fours", 30, layout: "fours"),
          candidate(query, "late", 900, layout: "late"),
        ]
      }(queries)
      for query in queries where query.symbol == pointwise {
        catalog.refusals[query] = [KernelRefusal(symbol: "\(pointwise)_never", backend: "never")]
      }
      return catalog
    }
    func verdicts(_ update: String, _ pack: (PackingQuery) -> [UInt8]?) throws -> Set<[KernelVerdict]> {
      let options = CompileOptions(classes: 4, update: .named(update))
      let plan = try compile(try networkOfEverything(), options, ask: answers, pack: pack)
      let steps = plan.steps.filter { $0.contract == pointwise }
      #expect(steps.allSatisfy { $0.refused.map(\.backend) == ["never"] })
      return Set(steps.map(\.verdicts))
    }
    let inFours = try verdicts("bias-1") { $0.layout == "fours" ? $0.weights : nil }
    #expect(inFours == [[.otherLayout, .notPackable, .chosen, .costlier, .otherLayout, .otherLayout]])
    let canonical = try verdicts("bias-1") { _ in nil }
    #expect(canonical == [[.chosen, .notPackable, .notPackable, .notPackable, .otherLayout, .costlier]])
    let learning = try verdicts("full") { $0.weights }
    #expect(
      learning == [
        [.chosen, .canonicalWeights, .canonicalWeights, .canonicalWeights, .canonicalWeights, .costlier]
      ])
  }
}
