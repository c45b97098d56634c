import Compiler
import Graph
import KernelBridge
import Operators
import TestNetworks
import Testing
import Training

struct InterpretedTwinTests {
  private func samples(_ count: Int) -> [TrainingSample] {
    var generator = SeededGenerator(seed: 5)
    return (0..<count).map { position in
      let input = (0..<(3 * 12 * 12)).map { _ in Int8.random(in: .min ... .max, using: &generator) }
      return TrainingSample(input: input, label: position % 4, rate: 0.01)
    }
  }

  /// The state after the samples, every step run from the image on.
  private func state(_ plan: Plan, _ kernels: KernelLibrary, _ samples: [TrainingSample]) throws -> [UInt8] {
    let interpreter = try PlanInterpreter(plan, kernels: kernels)
    for sample in samples {
      try interpreter.write("input", sample.input.map { UInt8(bitPattern: $0) })
      try interpreter.write(ControlTensor.learningRate, littleEndianBytes([sample.rate]))
      try interpreter.write(ControlTensor.label, littleEndianBytes([Int32(sample.label)]))
      try interpreter.run()
    }
    return try interpreter.state()
  }

  @Test(arguments: ["head", "bias-3", "last-4", "full"])
  func whatIsKeptAtTheEdgeChangesNoBit(update: String) async throws {
    let kernels = try await hostKernels.value
    let options = CompileOptions(classes: 4, update: .named(update), residual: .stochastic)
    let plan = try compile(try networkOfEverything(), options, ask: kernels.answers)
    let (first, edges) = (samples(6), EdgeCache())
    let twin = try InterpretedTwin(plan, kernels: kernels, edges: edges)
    let initial = try await twin.readState()
    let steps = try await twin.train(first + first)
    #expect(try await twin.readState() == state(plan, kernels, first + first))
    #expect(steps.allSatisfy { $0.loss > 0 })
    let answers = try await twin.infer(first.map(\.input))
    #expect(Set(answers.map(\.outputs)).count > 1)

    let other = try InterpretedTwin(plan, kernels: kernels, edges: edges)
    try await other.writeState(try await twin.readState())
    #expect(try await other.infer(first.map(\.input)) == answers, "a shared cache")
    try await twin.reset()
    #expect(try await twin.readState() == initial)
  }

  @Test func aFullCacheStillAnswers() async throws {
    let kernels = try await hostKernels.value
    let options = CompileOptions(classes: 4, update: .named("bias-2"))
    let plan = try compile(try networkOfEverything(), options, ask: kernels.answers)
    let samples = samples(5)
    let twin = try InterpretedTwin(plan, kernels: kernels, edges: EdgeCache(byteLimit: 300))
    _ = try await twin.train(samples + samples)
    #expect(try await twin.readState() == state(plan, kernels, samples + samples))
  }

  @Test func badSamplesAreRefused() async throws {
    let kernels = try await hostKernels.value
    let plan = try compile(try networkOfEverything(), CompileOptions(classes: 4), ask: kernels.answers)
    let twin = try InterpretedTwin(plan, kernels: kernels)
    await #expect(throws: TrainingDeviceError.wrongInputSize(expected: 432, actual: 1)) {
      try await twin.infer([1])
    }
    await #expect(throws: TrainingDeviceError.labelOutOfRange(label: 4, classes: 4)) {
      try await twin.train([Int8](repeating: 0, count: 432), label: 4, rate: 1)
    }
  }
}
