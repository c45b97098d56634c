import Compiler
import Graph
import TestNetworks
import Testing

struct FrozenPrefixTests {
  private func plan(_ update: CompileOptions.Update) throws -> Plan {
    try compile(try networkOfEverything(), CompileOptions(classes: 4, update: update)) { queries in
      KernelCatalog(scratchBytes: Dictionary(uniqueKeysWithValues: queries.map { ($0, 64) }))
    }
  }

  @Test func nothingBeforeTheEdgeDependsOnWhatLearns() throws {
    let plan = try plan(.named("bias-3"))
    let prefix = try #require(plan.frozenPrefix)
    let parameters = Set(plan.state.map(\.name))
    for step in plan.steps[..<prefix.steps] {
      #expect(step.node.phase == .forward && parameters.isDisjoint(with: step.node.inputs))
    }
    #expect(!parameters.isDisjoint(with: plan.steps[prefix.steps].node.inputs), "the longest prefix")
  }

  @Test func theEdgeIsAllThatTheRestReads() throws {
    let plan = try plan(.scheme(UpdateScheme(name: "some", biases: [], weights: [4: .fraction(0.5)])))
    let prefix = try #require(plan.frozenPrefix)
    let made = Set(plan.steps[..<prefix.steps].flatMap(\.node.outputs))
    let read = Set(plan.steps[prefix.steps...].flatMap(\.node.inputs))
    #expect(Set(prefix.edge.map(\.name)) == made.intersection(read))
    #expect(prefix.edge.count == 2, "the block's skip crosses, too")
    #expect(plan.steps[prefix.steps].node.op == "gather_planes", "an inference starts there as well")
    let bytes = try prefix.edge.map { try plan.graph.tensor($0.name).byteCount }.reduce(0, +)
    #expect(prefix.edgeBytes == bytes)
  }

  @Test func plansThatFreezeAsMuchShareAnIdentity() throws {
    func identity(_ scheme: UpdateScheme) throws -> [UInt8] {
      let plan = try plan(.scheme(scheme))
      return plan.identity(of: try #require(plan.frozenPrefix))
    }
    let one = try identity(UpdateScheme(name: "biases", biases: [5, 6, 7]))
    #expect(try identity(UpdateScheme(name: "weights", biases: [7], weights: [5: .fraction(1)])) == one)
    #expect(try identity(UpdateScheme(name: "less", biases: [6, 7])) != one)
  }
}
