import Compiler
import Graph
import Operators
import TestNetworks
import Testing

struct QuantizeGradientsTests {
  private func plan(_ update: String, _ type: GradientType, _ residual: Residual = .eightBits) throws -> Plan
  {
    let options = CompileOptions(
      classes: 4, update: .named(update), residual: residual, gradients: type)
    return try compile(try networkOfEverything(), options) { queries in
      KernelCatalog(scratchBytes: Dictionary(uniqueKeysWithValues: queries.map { ($0, 64) }))
    }
  }

  @Test(arguments: [(GradientType.int16, "_g16"), (.int8, "_g8")])
  func everythingBehindTheHeadIsAnInteger(type: GradientType, suffix: String) throws {
    let plan = try plan("full", type)
    try plan.graph.validate()
    #expect(try Graph(text: plan.graph.text()) == plan.graph)
    let backward = plan.steps.filter { $0.node.phase != .forward && $0.node.phase != .loss }
    let float = backward.filter { !$0.contract.hasSuffix(suffix) }.map(\.node.op)
    #expect(
      Set(float).isSubset(of: [
        "dense_f32_input_gradient", "dense_f32_weight_update", "dense_f32_bias_update",
      ]))
    #expect(backward.filter { $0.node.op == "quantize_gradient" }.count == 1)
    for step in backward where step.contract.hasSuffix(suffix) {
      guard let output = step.node.output(0) else { continue }
      #expect(try plan.graph.tensor(output).element == type.element)
      #expect(try plan.graph.tensor(exponentName(of: output)).shape == [1])
    }
  }

  @Test func narrowGradientsTakeLessMemory() throws {
    let bytes = try [GradientType.float32, .int16, .int8].map { type in
      let plan = try plan("full", type)
      let gradients = plan.graph.tensors.filter { $0.name.contains(".grad") && $0.role == .activation }
      return gradients.reduce(0) { $0 + $1.byteCount }
    }
    #expect(bytes[1] < bytes[0] * 6 / 10 && bytes[2] < bytes[1] * 7 / 10)
  }

  /// 2^bits times the worst products stays below what the kernels add up in.
  @Test func sumsCannotOverflow() throws {
    let plan = try plan("full", .int16)
    for step in plan.steps where step.contract.hasPrefix("tinysdk_conv2d_1x1_input_gradient") {
      let producer = try #require(plan.steps.first { $0.node.output(0) == step.node.inputs[0] })
      let bits = producer.node.int("bits")
      let channels = try plan.graph.tensor(step.node.inputs[0]).shape[1]
      #expect((1 << bits) * channels * 128 < 1 << 30 && bits >= 8)
    }
  }

  @Test func factorsAreFixedPoint() {
    let (factors, exponent) = fixedPointFactors([0.75, 3, 0, 0.001])
    #expect(factors[1] >= 1 << 14)
    for (factor, value) in zip(factors, [0.75, 3, 0, 0.001] as [Float]) {
      #expect(abs(Float(sign: .plus, exponent: exponent, significand: Float(factor)) - value) < 0.0002)
    }
    // 32767.6 would round to 2^15.
    let carried = fixedPointFactors([32_767.6])
    #expect(carried.factors == [16_384] && carried.exponent == 1)
    #expect(fixedPointFactors([0, 0]).factors == [0, 0])
  }

  @Test func eachRuleKeepsWhatItNeeds() throws {
    func state(_ residual: Residual) throws -> [Plan.StateTensor] {
      try plan("last-2", .float32, residual).state
    }
    let weights = try state(.none).reduce(0) { $0 + $1.bytes }
    let int8Weights = try state(.none).filter { $0.element == .int8 }.reduce(0) { $0 + $1.bytes }
    #expect(try state(.eightBits).reduce(0) { $0 + $1.bytes } == weights + int8Weights)
    let half = try state(.fourBits).filter { $0.element == .uint8 }
    #expect(half.reduce(0) { $0 + $1.bytes } == (int8Weights + 1) / 2)
    let counter = try state(.stochastic).filter { $0.name == "step_counter" }
    #expect(counter.count == 1 && counter[0].bytes == 8)
    #expect(try plan("last-2", .int8, .stochastic).steps.last?.node.op == "advance_counter")
  }

  @Test func everyStochasticTensorHasItsOwnStream() throws {
    let plan = try plan("full", .int16, .stochastic)
    let streams = plan.steps.filter { $0.node.string("rule") == "stochastic" }.map { $0.node.int("stream") }
    #expect(streams.count > 4 && Set(streams).count == streams.count)
  }

  @Test func aLayerTooLargeForItsSumsIsRefused() throws {
    var node = Node(
      "stem.bias.update", "conv2d_bias_update", inputs: ["gradient"], outputs: [],
      attributes: [
        "strides": .ints([1, 1]), "pads": .ints([0, 0, 0, 0]), "dilations": .ints([1, 1]),
        "input_shape": .ints([1, 1, 4096, 4096]), "out_channels": .int(1), "kernel": .ints([1, 1]),
      ], phase: .update, layer: "stem")
    #expect(try gradientBits(for: node) == 6)
    node.attributes["input_shape"] = .ints([1, 1, 16_384, 16_384])
    let error = #expect(throws: OperatorError.self) { try gradientBits(for: node) }
    #expect("\(error!)".contains("stem") && "\(error!)".contains("use float32 gradients"))
  }
}
