import Foundation
import Graph
import TestNetworks
import Testing

import Compiler

private func plan(_ optimizer: Optimizer, update: String = "last-2") throws -> Plan {
  let options = CompileOptions(classes: 4, update: .named(update), optimizer: optimizer)
  return try compile(try networkOfEverything(), options) { queries in
    KernelCatalog(scratchBytes: Dictionary(uniqueKeysWithValues: queries.map { ($0, 0) }))
  }
}

struct OptimizerTests {
  @Test func plainDescentCostsNothing() throws {
    let plan = try plan(Optimizer())
    #expect(plan.velocityBytes == 0 && plan.gradientSumBytes == 0 && plan.wholeGradientBytes == 0)
    #expect(plan.conditionalSteps == nil && !plan.graph.contains(ControlTensor.stepCounter))
  }

  @Test func eachPartTakesItsMemory() throws {
    let plain = try plan(Optimizer())
    let learning = plain.state.filter { !$0.name.hasSuffix("residual") }
    let elements = learning.reduce(0) { $0 + $1.shape.reduce(1, *) }
    let largest = learning.map { $0.shape.reduce(1, *) }.max() ?? 0
    let momentum = try plan(Optimizer(momentum: 0.9))
    #expect(momentum.velocityBytes == 4 * elements)
    #expect(momentum.stateBytes == plain.stateBytes + 4 * elements)
    #expect(momentum.wholeGradientBytes >= 4 * largest && momentum.wholeGradientBytes < 4 * elements)
    let sums = try plan(Optimizer(accumulate: 2))
    #expect(sums.gradientSumBytes == 4 * elements && sums.velocityBytes == 0)
    let norm = try plan(Optimizer(clip: .norm(1)))
    #expect(norm.wholeGradientBytes >= 4 * elements && norm.stateBytes == plain.stateBytes)
    let schedule = try plan(Optimizer(warmUp: 5))
    #expect(schedule.stateBytes == plain.stateBytes + 8 && schedule.wholeGradientBytes == 0)
  }

  @Test func whatIsNotAlwaysDueLiesInOnePieceUnderOneCondition() throws {
    let plan = try plan(
      Optimizer(schedule: .cosine(steps: 9), momentum: 0.9, clip: .norm(1), accumulate: 3), update: "full")
    let conditional = try #require(plan.conditionalSteps)
    #expect(conditional.period == 3)
    let waiting = plan.steps[..<conditional.steps.lowerBound].map(\.node)
    #expect(waiting.filter { $0.phase == .update }.allSatisfy { $0.op == "sum_gradient" })
    #expect(plan.steps[conditional.steps].allSatisfy { $0.node.int("every") == 3 })
    #expect(plan.steps[conditional.steps.upperBound...].map(\.node.op) == ["advance_counter"])
    let source = try #require(try emitC(plan).first { $0.name == "model.c" }).text
    let condition = "  if ((state.step_counter[0] + 1u) % 3u == 0u) {\n"
    #expect(source.components(separatedBy: condition).count == 2)
    let block = try #require(
      source.components(separatedBy: condition).last?.components(separatedBy: "\n  }\n").first)
    #expect(block.components(separatedBy: "(&args_").count - 1 == conditional.steps.count)
  }

  @Test func aScheduleShorterThanItsWarmUpIsRefused() throws {
    #expect(throws: CompilerError.scheduleTooShort(steps: 10, warmUp: 10)) {
      try plan(Optimizer(schedule: .cosine(steps: 10), warmUp: 10))
    }
  }

  @Test func thePowerOfTwoIsTheNearestToTheGeometricMean() {
    var generator = SeededGenerator(seed: 50)
    for count in [1, 2, 3, 10, 500] {
      for _ in 0..<50 {
        let center = Double.random(in: -60...60, using: &generator)
        let values = (0..<count).map { _ in exp2(center + Double.random(in: -3...3, using: &generator)) }
        let mean = values.reduce(0) { $0 + Foundation.log2($1) } / Double(count)
        let found = Foundation.log2(nearestPowerOfTwo(toMeanOf: values))
        #expect(found == found.rounded() && abs(found - mean) <= 0.5 + 1e-12)
      }
    }
    #expect(nearestPowerOfTwo(toMeanOf: [1, 4, 4, 16]) == 4)
    #expect(nearestPowerOfTwo(toMeanOf: [0.25, 0.5]) == 0.5)
    #expect(nearestPowerOfTwo(toMeanOf: [2, 2, 4]) == 2)
  }

  @Test func optionsWrittenBeforeThereWasAChoiceAreRead() throws {
    let options = CompileOptions(classes: 3)
    var json = try #require(
      try JSONSerialization.jsonObject(with: JSONEncoder().encode(options)) as? [String: Any])
    #expect(json.removeValue(forKey: "optimizer") != nil)
    let old = try JSONSerialization.data(withJSONObject: json)
    #expect(try JSONDecoder().decode(CompileOptions.self, from: old) == options)
    let chosen = CompileOptions(optimizer: Optimizer(schedule: .step(every: 3, factor: 0.5), clip: .value(2)))
    #expect(try JSONDecoder().decode(CompileOptions.self, from: JSONEncoder().encode(chosen)) == chosen)
  }
}
