import KernelAPI
import KernelBridge
import Testing

private let arguments = tinysdk_dense_f32_args(batch: 3, in_count: 13, out_count: 6)

@Suite("Float dense layer: forward, gradients, updates")
struct DenseF32Tests {
  private let input: [Float]
  private let weights: [Float]
  private let bias: [Float]
  private let gradient: [Float]

  init() {
    var generator = SeededGenerator(seed: 40)
    input = generator.floats(3 * 13)
    weights = generator.floats(6 * 13)
    bias = generator.floats(6)
    gradient = generator.floats(3 * 6)
  }

  /// Runs a kernel whose last operand is both what it starts from and what it gives.
  private func run(_ symbol: String, _ operands: [[Float]?], _ result: [Float], _ build: KernelBuild)
    async throws
    -> [Float]
  {
    let library = try await build.library
    let buffers = operands.map { $0.map { GuardedBuffer($0) } }
    let target = GuardedBuffer(result)
    try withExtendedLifetime(buffers) {
      try library.call(
        symbol, arguments: bytes(of: arguments), pointers: buffers.map { $0?.pointer } + [target.pointer])
    }
    return target.values
  }

  /// The forward result in float64.
  private func forward(_ input: [Double], _ weights: [Double], _ bias: [Double]) -> [Double] {
    (0..<18).map { (index: Int) -> Double in
      let (b, o) = (index / 6, index % 6)
      var sum = bias[o]
      for i in 0..<13 { sum += weights[o * 13 + i] * input[b * 13 + i] }
      return sum
    }
  }

  private func loss(_ output: [Double]) -> Double {
    zip(output, gradient).reduce(0) { $0 + $1.0 * Double($1.1) }
  }

  @Test("Forward adds inputs in ascending order from the bias", arguments: KernelBuild.allCases)
  func forwardOrder(build: KernelBuild) async throws {
    for bias in [bias, nil] {
      let expected = (0..<18).map { (index: Int) -> Float in
        let (b, o) = (index / 6, index % 6)
        var sum = bias?[o] ?? 0
        for i in 0..<13 { sum.addProduct(weights[o * 13 + i], input[b * 13 + i]) }
        return sum
      }
      let zeros = [Float](repeating: 77, count: 18)
      #expect(try await run("tinysdk_dense_f32", [input, weights, bias], zeros, build) == expected)
    }
  }

  @Test("Gradients agree with finite differences", arguments: KernelBuild.allCases)
  func differences(build: KernelBuild) async throws {
    let (x, w, b) = (input.map(Double.init), weights.map(Double.init), bias.map(Double.init))
    let byInput = finiteDifferences(x) { loss(forward($0, w, b)) }
    let byWeight = finiteDifferences(w) { loss(forward(x, $0, b)) }
    let byBias = finiteDifferences(b) { loss(forward(x, w, $0)) }
    let inputGradient = try await run(
      "tinysdk_dense_input_gradient_f32", [gradient, weights], [Float](repeating: 77, count: 39), build)
    let weightGradient = try await run(
      "tinysdk_dense_weight_gradient_f32", [gradient, input], [Float](repeating: 77, count: 78), build)
    let biasGradient = try await run(
      "tinysdk_dense_bias_gradient_f32", [gradient], [Float](repeating: 77, count: 6), build)
    #expect(relativeError(inputGradient, byInput) < 1e-6)
    #expect(relativeError(weightGradient, byWeight) < 1e-6)
    #expect(relativeError(biasGradient, byBias) < 1e-6)
  }

  @Test("One pass behind a Relu is its three parts", arguments: KernelBuild.allCases)
  func reluUpdate(build: KernelBuild) async throws {
    let library = try await build.library
    let arguments = tinysdk_dense_f32_args(batch: 1, in_count: 13, out_count: 6)
    let positive = input.prefix(13).map { max($0, 0) }
    #expect(positive.contains(0) && positive.contains { $0 > 0 })
    let expectedGradient = (0..<13).map { (i: Int) -> Float in
      let sum = (0..<6).reduce(Float(0)) { $0.addingProduct(weights[$1 * 13 + i], gradient[$1]) }
      return positive[i] > 0 ? sum : 0
    }
    let expectedWeights = weights.indices.map {
      weights[$0].addingProduct(-0.1, gradient[$0 / 13] * positive[$0 % 13])
    }
    let operands = [gradient, positive, [0.1], weights].map { GuardedBuffer($0) }
    try withExtendedLifetime(operands) {
      try library.call(
        "tinysdk_dense_relu_update_f32", arguments, operands[0].pointer, operands[1].pointer,
        operands[2].pointer, operands[3].pointer, operands[1].pointer)
    }
    #expect(operands[1].values == expectedGradient)
    #expect(operands[3].values == expectedWeights)
  }

  @Test("Updates in one are the gradient and then one fused step", arguments: KernelBuild.allCases)
  func updates(build: KernelBuild) async throws {
    let weightGradient = try await run(
      "tinysdk_dense_weight_gradient_f32", [gradient, input], [Float](repeating: 77, count: 78), build)
    let biasGradient = try await run(
      "tinysdk_dense_bias_gradient_f32", [gradient], [Float](repeating: 77, count: 6), build)
    let newWeights = try await run(
      "tinysdk_dense_weight_update_f32", [gradient, input, [0.1]], weights, build)
    let newBias = try await run("tinysdk_dense_bias_update_f32", [gradient, [0.1]], bias, build)
    #expect(newWeights == zip(weights, weightGradient).map { $0.addingProduct(-0.1, $1) })
    #expect(newBias == zip(bias, biasGradient).map { $0.addingProduct(-0.1, $1) })
  }
}
