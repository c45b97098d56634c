import Compiler
import Graph
import TestNetworks
import Testing

/// A network whose layers 0, 6 and 7 of eight have no bias.
struct AbsentBiasTests {
  private let network: Graph
  private let layers: [UpdatableLayer]

  init() throws {
    let whole = try networkOfEverything()
    let all = try updatableLayers(of: whole)
    try #require(all.count == 8 && all.allSatisfy { $0.bias != nil })
    network = whole.withoutBiases(of: Set([0, 6, 7].map { all[$0].name }))
    layers = try updatableLayers(of: network)
  }

  private func catalog(_ queries: [KernelQuery]) -> KernelCatalog {
    KernelCatalog(scratchBytes: Dictionary(uniqueKeysWithValues: queries.map { ($0, 0) }))
  }

  private func plan(_ update: CompileOptions.Update) throws -> Plan {
    try compile(network, CompileOptions(update: update), ask: catalog)
  }

  private func learning(_ name: String) throws -> Set<String> {
    Set(try plan(.named(name)).state.map(\.name).filter { !$0.contains(".residual") })
  }

  @Test func namedSchemesTakeTheBiasesThatAreThere() throws {
    let name = try #require(headName(of: network))
    let head: Set = ["\(name).weight", "\(name).bias"]
    try #require(learning("head") == head)
    #expect(try learning("bias-2") == head, "neither of the last two has a bias")
    let third = try #require(layers[5].bias)
    #expect(try learning("bias-3") == head.union([third]))
    #expect(try learning("last-3") == head.union(layers[5...].map(\.weight)).union([third]))
    let everything = head.union(layers.map(\.weight)).union(layers.compactMap(\.bias))
    #expect(try learning("full") == everything && everything.count == 2 + 8 + 5)
  }

  @Test func theFormulaCountsTheBiasesThatAreThere() throws {
    let whole = try updateMemory(of: .full(8), in: networkOfEverything())
    let scheme = try updateScheme(CompileOptions(update: .named("full")), for: network)
    let channels = try [0, 6, 7].map { layer in
      try network.tensor(network.nodes[layers[layer].node].outputs[0]).shape[1]
    }
    let memory = try updateMemory(of: scheme, in: network)
    #expect(memory.weightBytes == whole.weightBytes - 4 * channels.reduce(0, +))
    #expect(memory.activationBytes == whole.activationBytes)
  }

  @Test func aListThatNamesThemIsRefused() throws {
    let names = [layers[6].name, layers[7].name]
    #expect(throws: CompilerError.noBias(layers: names)) {
      try plan(.scheme(UpdateScheme(name: "custom", biases: [5, 6, 7])))
    }
  }

  @Test func whatWouldFitInsteadIsFound() throws {
    let head = try plan(.named("head"))
    let few = try plan(.named("bias-3"))
    let bytes = { (plan: Plan) in plan.arena.bytes + plan.alignedStateBytes + plan.variableBytes + 1024 + 32 }
    try #require(bytes(few) < bytes(try plan(.named("full"))) && bytes(head) <= bytes(few))
    let found = fittingAlternatives(
      network, CompileOptions(update: .named("full"), residual: .none),
      for: testBoard(sramBytes: bytes(few)), ask: catalog)
    #expect(found == ["bias-3", "bias-1", "head"].map { "--update \($0) --residual 0" })
  }
}
