import Compiler
import Graph
import TestNetworks
import Testing

/// A catalog that gives every kernel the same scratch: planning needs no kernel to run.
private func scratch(_ bytes: Int) -> ([KernelQuery]) -> KernelCatalog {
  { queries in KernelCatalog(scratchBytes: Dictionary(uniqueKeysWithValues: queries.map { ($0, bytes) })) }
}

private func plan(_ options: CompileOptions) throws -> Plan {
  try compile(try networkOfEverything(), options, ask: scratch(64))
}

@Test func everyPassLeavesAValidGraph() throws {
  let options = CompileOptions(classes: 4, update: .named("full"))
  for pass in passes {
    let graph = try runPasses(try networkOfEverything(), options, through: pass.name)
    try graph.validate()
    #expect(try Graph(text: graph.text()) == graph, "text form after \(pass.name)")
  }
}

@Test func aFrozenPrefixHasNoBackwardHalf() throws {
  let plan = try plan(CompileOptions(classes: 4, update: .named("head")))
  let backward = plan.steps.filter { $0.node.phase == .backward || $0.node.phase == .update }
  #expect(backward.map(\.node.op).sorted() == ["dense_f32_bias_update", "dense_f32_weight_update"])
  #expect(!plan.steps.contains { $0.node.phase == .forward && $0.node.outputs.count > 1 }, "a mask is kept")
  #expect(plan.state.map(\.name) == ["head.weight", "head.bias"])
}

@Test func biasesNeedMasksButNoSavedActivations() throws {
  let plan = try plan(CompileOptions(classes: 4, update: .named("bias-3")))
  let ops = Set(plan.steps.map(\.node.op))
  #expect(ops.contains("conv2d_bias_update"))
  #expect(!ops.contains("gather_planes") && !ops.contains("conv2d_weight_update"))
  #expect(plan.steps.filter { $0.node.op == "conv2d_input_gradient" }.count == 2)
}

@Test func aFractionOfChannelsSplitsTheWeight() throws {
  let scheme = UpdateScheme(name: "half", biases: [], weights: [2: .fraction(0.5), 3: .list([1, 4])])
  let plan = try plan(CompileOptions(classes: 4, update: .scheme(scheme)))
  let shapes = Dictionary(uniqueKeysWithValues: plan.state.map { ($0.name, $0.shape) })
  #expect(shapes["conv2.weight.trained"] == [16, 4, 1, 1])
  #expect(shapes["conv3.weight.trained"] == [2, 1, 3, 3])
  #expect(shapes["conv3.weight.trained.residual"] == [2, 1, 3, 3])
  #expect(try plan.graph.tensor("conv3.weight.frozen").shape == [14, 1, 3, 3])
  #expect(plan.steps.filter { $0.node.op == "gather_planes" }.count == 2)
}

@Test func noTwoLiveTensorsOverlapInTheArena() throws {
  for update in ["head", "bias-3", "last-2", "full"] {
    let plan = try plan(CompileOptions(classes: 4, update: .named(update)))
    let inPlace = Set(plan.steps.flatMap { step in step.call.inPlace.map { "\($0.input)→\($0.output)" } })
    for (index, a) in plan.arena.items.enumerated() {
      for b in plan.arena.items[(index + 1)...] where a.first <= b.last && b.first <= a.last {
        let shared = inPlace.contains("\(a.name)→\(b.name)") && a.last == b.first && a.offset == b.offset
        let apart = a.offset + a.bytes <= b.offset || b.offset + b.bytes <= a.offset
        #expect(apart || shared, "\(a.name) and \(b.name) overlap (\(update))")
      }
    }
    #expect(plan.arena.bytes >= plan.arena.lowerBound)
  }
}

@Test func aParameterIsWrittenAfterItsLastReader() throws {
  let plan = try plan(CompileOptions(classes: 4, update: .named("full")))
  for (position, step) in plan.steps.enumerated() where step.node.phase == .update {
    let written = step.node.inputs.filter { name in plan.state.contains { $0.name == name } }
    for name in written {
      let later = plan.steps[(position + 1)...].filter { $0.node.inputs.contains(name) }
      #expect(later.isEmpty, "\(later.map(\.node.name)) read \(name) after its update")
    }
  }
}

@Test func keepingTheInputCostsItsBytes() throws {
  var options = CompileOptions(classes: 4)
  let consumed = try plan(options)
  options.keepInput = true
  let kept = try plan(options)
  let input = try #require(kept.arena.items.first { $0.name == "input" })
  #expect(input.last == kept.steps.count)
  #expect(kept.arena.lowerBound >= consumed.arena.lowerBound)
}

@Test func unknownNamesAreRefusedWithTheKnownOnes() throws {
  #expect {
    try plan(CompileOptions(update: .named("50KB")))
  } throws: {
    "\($0)".contains("no update scheme is called '50KB'") && "\($0)".contains("bias-K")
  }
  #expect(throws: CompilerError.unknownPass("fuse", known: passes.map(\.name))) {
    try runPasses(try networkOfEverything(), CompileOptions(), through: "fuse")
  }
  let scheme = UpdateScheme(name: "far", biases: [99], weights: [40: .fraction(1)])
  #expect(throws: CompilerError.noSuchLayers([40, 99], layers: 8)) {
    try plan(CompileOptions(classes: 4, update: .scheme(scheme)))
  }
}
