import Compiler
import Foundation
import Graph
import TestNetworks
import Testing

private func sources(_ options: CompileOptions) throws -> (plan: Plan, files: [String: String]) {
  let plan = try compile(try networkOfEverything(), options) { queries in
    KernelCatalog(scratchBytes: Dictionary(uniqueKeysWithValues: queries.map { ($0, 96) }))
  }
  let files = try emitC(plan).map { ($0.name, $0.text) }
  return (plan, Dictionary(uniqueKeysWithValues: files))
}

@Test func theStepIsOneStraightListOfCalls() throws {
  let (plan, files) = try sources(CompileOptions(classes: 4, update: .named("bias-2")))
  let model = try #require(files["model.c"])
  let prefix = try #require(plan.frozenPrefix)
  let frozen = try body(of: "static void run_frozen(void)", in: model)
  let learning = try body(of: "static model_result learn_behind_edge(void)", in: model)
  #expect(frozen.components(separatedBy: "(&args_").count - 1 == prefix.steps)
  let calls = (frozen + learning).split(separator: "\n").filter { $0.contains("(&args_") }
  #expect(calls.count == plan.steps.count)
  for (call, planned) in zip(calls, plan.steps) { #expect(call.contains("\(planned.call.symbol)(&args_")) }
  let comments = (frozen + learning).split(separator: "\n").filter { $0.hasPrefix("  /* ") }
  #expect(comments.count == plan.steps.count)
  let step = try body(of: "model_result model_train_step(int32_t label)", in: model)
  #expect(step.contains("  run_frozen();\n  return learn_behind_edge();"))
}

private func body(of function: String, in source: String) throws -> String {
  let rest = try #require(source.components(separatedBy: "\(function) {").dropFirst().first)
  return try #require(rest.components(separatedBy: "\n}").first)
}

@Test func nothingIsFrozenWhereTheFirstLayerLearns() throws {
  let (plan, files) = try sources(CompileOptions(classes: 4, update: .named("full")))
  #expect(plan.frozenPrefix == nil)
  #expect(try #require(files["model.h"]).contains("#define MODEL_EDGE_BYTES 0\n"))
  #expect(!(try #require(files["model.c"])).contains("run_frozen"))
}

@Test func inferenceKeepsNothingForTraining() throws {
  let scheme = UpdateScheme(name: "some", biases: [6, 7], weights: [4: .fraction(0.5)])
  let (plan, files) = try sources(CompileOptions(classes: 4, update: .scheme(scheme)))
  let model = try #require(files["model.c"])
  let infer =
    try body(of: "static void run_frozen(void)", in: model)
    + body(of: "static int32_t infer_behind_edge(void)", in: model)
  let forward = plan.steps.filter { $0.node.phase == .forward }
  #expect(infer.components(separatedBy: "(&args_").count - 1 == forward.count - 1, "one gather is left out")
  #expect(!infer.contains("gather_planes"))
  #expect(!infer.contains("(uint8_t *)(arena"), "a mask is written")
}

@Test func theHeaderStatesSizesAndTheConsumedInput() throws {
  let (plan, files) = try sources(CompileOptions(classes: 4))
  let header = try #require(files["model.h"])
  #expect(header.contains("#define MODEL_INPUT_BYTES 432\n"))
  #expect(header.contains("#define MODEL_CLASSES 4\n"))
  #expect(header.contains("#define MODEL_STATE_BYTES \(plan.stateBytes)\n"))
  #expect(header.contains("Its content is consumed"))
  let (_, kept) = try sources(CompileOptions(classes: 4, keepInput: true))
  #expect(try #require(kept["model.h"]).contains("It keeps its content."))
}

@Test func theBuildHashFollowsTheContent() throws {
  func hash(_ options: CompileOptions) throws -> String? {
    try sources(options).files["model.c"]?.components(separatedBy: "model_build_hash[16] = {").last
  }
  let first = try hash(CompileOptions(classes: 4))
  #expect(try hash(CompileOptions(classes: 4)) == first)
  #expect(try hash(CompileOptions(classes: 4, update: .named("bias-1"))) != first)
}

@Test func profilingMarksEveryOperator() throws {
  let (plan, files) = try sources(CompileOptions(classes: 4, update: .named("bias-1"), profile: true))
  let model = try #require(files["model.c"])
  for position in plan.steps.indices {
    #expect(model.contains("  tinysdk_profile_mark(\(position));\n"))
  }
  #expect(!(try sources(CompileOptions(classes: 4)).files["model.c"]?.contains("profile_mark") ?? true))
}

@Test func aMeanSquaredErrorStepTakesALabelOrATarget() throws {
  let (_, files) = try sources(CompileOptions(classes: 4, loss: .meanSquaredError))
  let header = try #require(files["model.h"])
  #expect(header.contains("model_result model_train_step(int32_t label);"))
  #expect(header.contains("model_result model_train_step_toward(const float *target);"))
}

@Test func learningIsWatchedOnlyWhereItIsAskedFor() throws {
  let (plain, files) = try sources(CompileOptions(classes: 4, update: .named("bias-2")))
  let model = try #require(files["model.c"])
  for word in ["learning.h", "confusion", "guard", "replay"] { #expect(!model.contains(word)) }
  #expect(plain.learningBytes == 0 && plain.guardCopyBytes == 0 && plain.replayBytes == 0)
  let (watched, all) = try sources(
    CompileOptions(
      classes: 4, update: .named("bias-2"), evaluation: EvaluationOptions(window: 10),
      learningGuard: GuardOptions(measure: .wrong, window: 20, worse: 0.5, better: 0.25),
      replay: ReplayOptions(samples: 30, ratio: 3)))
  let source = try #require(all["model.c"])
  #expect(source.contains(".measure = TINYSDK_GUARD_WRONG, .worse = 32768,"))
  #expect(source.contains("return learn(label);"))
  let header = try #require(all["model.h"])
  for line in [
    "#define MODEL_WINDOW_STEPS 10\n", "#define MODEL_GUARDS 1\n", "#define MODEL_REPLAY_RATIO 3\n",
  ] {
    #expect(header.contains(line))
  }
  // 4 x 4 counts, two windows, the guard's own, 30 labels, 4 classes.
  #expect(watched.learningBytes == 64 + (24 + 40) + (56 + 80) + (16 + 64 + 60))
  #expect(watched.guardCopyBytes == (watched.alignedStateBytes + 15) / 16 * 16)
  #expect(watched.replayBytes == 30 * (watched.frozenPrefix?.edgeBytes ?? 0))
}

@Test func aTargetOfAWatchedStepHasItsLargestValuesLabel() throws {
  let (_, files) = try sources(
    CompileOptions(classes: 4, loss: .meanSquaredError, learningGuard: GuardOptions()))
  let toward = try body(
    of: "model_result model_train_step_toward(const float *target)", in: try #require(files["model.c"]))
  #expect(toward.contains("target[i] > target[label]") && toward.contains("return learn(label);"))
}
