import Graph
import TestNetworks
import Testing

import Compiler

struct JoinPlansTests {
  private let options = CompileOptions(purpose: .inference)
  private let ask: @Sendable ([KernelQuery]) -> KernelCatalog = { queries in
    KernelCatalog(scratchBytes: Dictionary(queries.map { ($0, 16) }, uniquingKeysWith: { first, _ in first }))
  }

  /// The network reads a constant, so that it needs no input.
  private func closedNetwork(seed: UInt64) throws -> Graph {
    var graph = try networkOfEverything(seed: seed)
    try graph.update("input") {
      $0.role = .constant
      $0.data = [UInt8](repeating: 1, count: $0.byteCount)
    }
    return graph
  }

  @Test func oneProgramRunsAllOfThemBehindItsOwnMemory() throws {
    let first = try compile(networkOfEverything(), options, ask: ask)
    let others = try [2, 3].map { try compile(closedNetwork(seed: $0), options, ask: ask) }
    let joined = try join(first, with: others)

    #expect(joined.steps.count == first.steps.count + others[0].steps.count + others[1].steps.count)
    #expect(joined.arena.bytes == first.arena.bytes + max(others[0].arena.bytes, others[1].arena.bytes))
    let layers = ([first] + others).flatMap { $0.steps.map(\.node.layer) }
    #expect(joined.steps.map(\.node.layer) == layers)
    #expect(Set(joined.steps.map(\.node.name)).count == joined.steps.count)
    for (name, offset) in others[1].arena.offsets {
      #expect(joined.arena.offsets["1.\(name)"] == offset + first.arena.bytes)
    }
    for (name, offset) in first.arena.offsets { #expect(joined.arena.offsets[name] == offset) }
    #expect(joined.graph.outputs == first.graph.outputs)
    try joined.graph.validate()

    let model = try #require(try emitC(joined).first { $0.name == "model.c" })
    let calls = model.text.split(separator: "\n").filter { $0.hasPrefix("  tinysdk_") }
    #expect(calls.count == joined.steps.count)
  }
}
