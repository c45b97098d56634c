import Boards
import Compiler
import TestNetworks
import Testing

/// Every call has a fast kernel with much scratch and a slow one with none.
struct FrugalKernelsTests {
  private func catalog(_ queries: [KernelQuery]) -> KernelCatalog {
    let candidates = queries.map { query in
      (
        query,
        [
          KernelCandidate(
            symbol: "fast", backend: "fast", scratchBytes: 20_000, instructions: 10, cycles: 10),
          KernelCandidate(symbol: query.symbol, backend: "portable", instructions: 100, cycles: 100),
        ]
      )
    }
    return KernelCatalog(candidates: Dictionary(uniqueKeysWithValues: candidates))
  }

  private func plan(_ goal: KernelGoal, sramBytes: Int) throws -> Plan {
    try compile(
      networkOfEverything(), CompileOptions(classes: 4, optimize: goal), for: testBoard(sramBytes: sramBytes),
      ask: catalog)
  }

  /// What the plan takes of the board's memory.
  private func bytes(_ plan: Plan) -> Int {
    plan.arena.bytes + plan.alignedStateBytes + plan.stackBytes + plan.variableBytes + 4 * 8
  }

  @Test(arguments: [KernelGoal.instructions, .cycles])
  func aPlanSaysWhyItHasOtherKernelsThanAskedFor(goal: KernelGoal) throws {
    let fast = try plan(goal, sramBytes: 1 << 20)
    #expect(fast.options.optimize == goal && fast.frugalKernels == nil)
    let frugal = try plan(goal, sramBytes: bytes(fast) - 1)
    #expect(frugal.options.optimize == .memory && bytes(frugal) < bytes(fast) - 10_000)
    let why = try #require(frugal.frugalKernels)
    #expect(why.asked == goal && why.region == "sram")
    #expect(why.neededBytes == bytes(fast) && why.availableBytes == bytes(fast) - 1)
    #expect(
      why.description.hasPrefix("kernels chosen for memory, because those for \(goal.rawValue) do not fit: "))
    #expect(try plan(goal, sramBytes: bytes(fast)) == plan(goal, sramBytes: bytes(fast)))
    #expect(try plan(goal, sramBytes: bytes(fast)).frugalKernels == nil)
  }

  @Test func whatWasAskedForNeedsNoReason() throws {
    let plan = try plan(.memory, sramBytes: 1 << 20)
    #expect(plan.options.optimize == .memory && plan.frugalKernels == nil)
    let least = bytes(plan)
    #expect(throws: DoesNotFit.self) { try self.plan(.memory, sramBytes: least - 1) }
    #expect(throws: DoesNotFit.self) { try self.plan(.instructions, sramBytes: least - 1) }
  }
}
