import Compiler
import Graph
import TestNetworks
import Testing

private func plan(_ options: CompileOptions) throws -> Plan {
  try compile(try floatNetwork(), options) { queries in
    KernelCatalog(scratchBytes: Dictionary(uniqueKeysWithValues: queries.map { ($0, 0) }))
  }
}

@Test func everyFloatLayerLearnsInOnePass() throws {
  let plan = try plan(CompileOptions(update: .named("full")))
  #expect(
    plan.steps.map { "\($0.node.layer) \($0.node.op)" } == [
      "first dense_f32", "first.relu relu", "second dense_f32", "second.relu relu", "third dense_f32",
      "prediction argmax", "loss softmax_cross_entropy",
      "third dense_f32_relu_update", "third dense_f32_bias_update", "second dense_f32_relu_update",
      "second dense_f32_bias_update", "first dense_f32_bias_update", "first dense_f32_weight_update",
    ])
  #expect(plan.state.count == 6 && plan.stateBytes == 4 * (12 * 9 + 9 + 9 * 7 + 7 + 7 * 4 + 4))
  #expect(plan.frozenPrefix == nil)
}

@Test func reluAndGradientTakeThePlaceOfTheSums() throws {
  let plan = try plan(CompileOptions(update: .named("full")))
  let offsets = plan.arena.offsets
  #expect(offsets["first.out"] != nil && offsets["first.out"] == offsets["first.relu"])
  #expect(offsets["first.out.grad"] == offsets["first.relu"])
  #expect(plan.arena.bytes == plan.arena.lowerBound && plan.wholeGradientBytes == 0)
}

@Test func frozenWeightsPassTheGradientOn() throws {
  let plan = try plan(CompileOptions(update: .named("bias-2")))
  #expect(
    plan.steps.filter { $0.node.phase != .forward && $0.node.phase != .loss }.map {
      "\($0.node.layer) \($0.node.op)"
    } == [
      "third dense_f32_relu_update", "third dense_f32_bias_update", "second dense_f32_bias_update",
      "second dense_f32_input_gradient", "first.relu relu_gradient", "first dense_f32_bias_update",
    ])
  #expect(plan.arena.offsets["first.relu.grad"] == plan.arena.offsets["first.out.grad"])
}

@Test func aScheduledRateIsThereBeforeTheFirstUpdate() throws {
  var options = CompileOptions(update: .named("full"))
  options.optimizer.warmUp = 3
  let ops = try plan(options).steps.map(\.node.op)
  let rate = try #require(ops.firstIndex(of: "schedule_rate"))
  #expect(ops.filter { $0 == "dense_f32_relu_update" }.count == 2)
  #expect(try rate < #require(ops.firstIndex { $0.hasSuffix("_update") }))
  #expect(ops.last == "advance_counter")
}

@Test func theFloatHeadLearnsAlone() throws {
  let plan = try plan(CompileOptions(update: .named("head")))
  #expect(plan.steps.filter { $0.node.phase == .backward }.isEmpty)
  #expect(plan.state.map(\.name) == ["third.weight", "third.bias"])
  #expect(plan.frozenPrefix?.steps == 4)
  #expect(plan.frozenPrefix?.edgeBytes == 4 * 7)
}

@Test func someFloatLayersLearn() throws {
  let scheme = UpdateScheme(name: "some", biases: [0], weights: [1: .fraction(1)])
  let plan = try plan(CompileOptions(update: .scheme(scheme)))
  #expect(
    Set(plan.state.map(\.name)) == ["third.weight", "third.bias", "first.bias", "second.weight"])
  #expect(try updatableLayers(of: floatNetwork()).map(\.name) == ["first", "second"])
}

@Test func aPartOfAFloatLayersWeightsIsRefused() throws {
  for channels in [UpdateScheme.Channels.fraction(0.5), .list([0])] {
    let scheme = UpdateScheme(name: "part", biases: [], weights: [0: channels, 1: channels])
    #expect(throws: CompilerError.floatInPart(layers: ["first", "second"])) {
      try plan(CompileOptions(update: .scheme(scheme)))
    }
  }
}

@Test func aNewHeadReadsTheLastRelu() throws {
  let plan = try plan(CompileOptions(classes: 3, update: .named("full")))
  let head = try #require(plan.steps.first { $0.node.name == "head" })
  #expect(head.node.inputs == ["second.relu", "head.weight", "head.bias"])
}

@Test func integerGradientsLeaveAFloatNetworkInFloat() throws {
  var options = CompileOptions(update: .named("full"))
  let float = try plan(options)
  options.gradients = .int8
  #expect(try plan(options).steps == float.steps)
}

@Test func theSampleIsHandedOverInFloat() throws {
  let plan = try plan(CompileOptions(update: .named("full")))
  let files = Dictionary(uniqueKeysWithValues: try emitC(plan).map { ($0.name, $0.text) })
  let header = try #require(files["model.h"])
  #expect(header.contains("\nfloat *model_input(void);\n"))
  #expect(header.contains("/* One sample: float32, channel by channel (12). */"))
  #expect(header.contains("#define MODEL_INPUT_BYTES 48\n"))
  #expect(try #require(files["model.c"]).contains("float *model_input(void) {\n  return (float *)(arena + "))
}

@Test(arguments: ["head", "full"])
func aBiasOfTwoLayersIsRefused(update: String) throws {
  var graph = Graph(name: "shared")
  try graph.define(Tensor("input", .float32, [1, 2], role: .input))
  let values = littleEndianBytes([Float](repeating: 0.5, count: 4))
  for name in ["w1", "w2"] {
    try graph.define(Tensor(name, .float32, [2, 2], role: .constant, data: values))
  }
  try graph.define(Tensor("b", .float32, [2], role: .constant, data: littleEndianBytes([Float(0), 0])))
  for name in ["x1", "r1", "x2"] { try graph.define(Tensor(name, .float32, [1, 2])) }
  graph.nodes = [
    Node("first", "dense_f32", inputs: ["input", "w1", "b"], outputs: ["x1"]),
    Node("first.relu", "relu", inputs: ["x1"], outputs: ["r1"]),
    Node("second", "dense_f32", inputs: ["r1", "w2", "b"], outputs: ["x2"]),
  ]
  graph.outputs = ["x2"]
  #expect(throws: CompilerError.sharedParameter("b")) {
    try compile(graph, CompileOptions(update: .named(update))) { queries in
      KernelCatalog(scratchBytes: Dictionary(uniqueKeysWithValues: queries.map { ($0, 0) }))
    }
  }
}
