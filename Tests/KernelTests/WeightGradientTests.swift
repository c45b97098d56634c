import KernelAPI
import KernelBridge
import Testing

private let shapes = generalShapes + pointwiseShapes + depthwiseShapes

extension ConvolutionCase {
  /// The weight gradient in the contract's order of operations, bit for bit, for all positions.
  fileprivate var definedWeightGradient: [Float] {
    var sums = [Float](repeating: 0, count: weights.count)
    // Outputs come in the order batch, channel, row, column: ascending for every single weight.
    forEachProduct(arguments) { output, pixel, weight in
      sums[weight].addProduct(gradient[output], Float(input[pixel]) - Float(arguments.input_zero))
    }
    return sums
  }

  /// The elements of the whole weight tensor that belong to the learning positions.
  fileprivate func pick<Value>(_ values: [Value], learning: [Int]) -> [Value] {
    let outer = arguments.isDepthwise ? 1 : Int(arguments.out_channels)
    return pickPositions(
      values, outer: outer, positions: positions, inner: values.count / outer / positions, chosen: learning)
  }

  fileprivate func biasGradient(in library: ChosenKernels) throws -> [Float] {
    let source = GuardedBuffer(gradient)
    let target = GuardedBuffer(repeating: Float(77), count: Int(arguments.out_channels))
    try withExtendedLifetime(source) {
      try library.call("tinysdk_conv2d_bias_gradient_f32", arguments, source.pointer, target.pointer)
    }
    return target.values
  }
}

@Suite("Weight and bias gradients of convolutions")
struct WeightGradientTests {
  @Test(
    "The defined order, bit for bit, for all channels and for some", arguments: shapes, KernelBuild.allCases)
  func definition(shape: ConvolutionShape, build: KernelBuild) async throws {
    let library = try await build.library
    let layer = ConvolutionCase(shape, seed: 9)
    let expected = layer.definedWeightGradient
    #expect(try layer.weightGradient(in: library) == expected)
    let learning = learningPositions(of: layer.positions)
    #expect(
      try layer.weightGradient(in: library, learning: learning) == layer.pick(expected, learning: learning))
  }

  @Test("Finite differences agree", arguments: smallShapes)
  func differences(shape: ConvolutionShape) async throws {
    let layer = ConvolutionCase(shape, seed: 10)
    let expected = finiteDifferences(layer.centered { Double($0) }.weights) { layer.loss(weights: $0) }
    let found = try layer.weightGradient(in: try await KernelBuild.optimized.library)
    #expect(relativeError(found, expected) < 1e-6)
  }

  @Test("The bias gradient adds in the defined order", arguments: shapes, KernelBuild.allCases)
  func bias(shape: ConvolutionShape, build: KernelBuild) async throws {
    let layer = ConvolutionCase(shape, seed: 11)
    var expected = [Float](repeating: 0, count: Int(layer.arguments.out_channels))
    for (index, value) in layer.gradient.enumerated() {
      expected[index / layer.arguments.outputPlane % expected.count] += value
    }
    #expect(try layer.biasGradient(in: try await build.library) == expected)
  }

  @Test(
    "Gradient and update in one give what the gradient and then the update give", arguments: shapes,
    KernelBuild.allCases)
  func update(shape: ConvolutionShape, build: KernelBuild) async throws {
    let library = try await build.library
    let layer = ConvolutionCase(shape, seed: 12)
    var generator = SeededGenerator(seed: 13)
    let scale = generator.floats(Int(layer.arguments.out_channels), in: 0.1...1)
    for learning in [nil, learningPositions(of: layer.positions)] {
      let chosen = learning ?? Array(0..<layer.positions)
      let weights = layer.pick(layer.weights, learning: chosen)
      let gradient = try layer.weightGradient(in: library, learning: learning)
      let channels = layer.outputChannels(learning: chosen)
      for residual in [nil, generator.bytes(weights.count)] {
        let found = try fused(layer, learning, weights, residual, scale, in: library)
        for index in weights.indices {
          let expected = updatedWeight(
            weights[index], residual?[index], step: Float(0.01) * scale[channels[index]],
            gradient: gradient[index])
          #expect(found.weights[index] == expected.weight && found.residual?[index] == expected.residual)
        }
      }
    }
  }

  private func fused(
    _ layer: ConvolutionCase, _ learning: [Int]?, _ weights: [Int8], _ residual: [Int8]?, _ scale: [Float],
    in library: ChosenKernels
  ) throws -> (weights: [Int8], residual: [Int8]?) {
    var arguments = layer.arguments
    arguments.trained_channels = Int32(learning?.count ?? 0)
    let gradient = GuardedBuffer(layer.gradient)
    let saved = GuardedBuffer(layer.saved(learning: learning ?? Array(0..<layer.positions)))
    let order = learning.map { GuardedBuffer($0.map(UInt16.init)) }
    let (scale, rate) = (GuardedBuffer(scale), GuardedBuffer([Float(0.01)]))
    let (target, rest) = (GuardedBuffer(weights), residual.map { GuardedBuffer($0) })
    try withExtendedLifetime((gradient, saved, order, scale, rate)) {
      try library.call(
        "tinysdk_conv2d_weight_update_s8", arguments, gradient.pointer, saved.pointer, order?.pointer,
        scale.pointer, rate.pointer, target.pointer, rest?.pointer)
    }
    return (target.values, rest?.values)
  }

  @Test("Bias gradient and update in one, saturating at 32 bits", arguments: KernelBuild.allCases)
  func biasUpdate(build: KernelBuild) async throws {
    let library = try await build.library
    let layer = ConvolutionCase(pointwiseShapes[1], seed: 14)
    let gradient = try layer.biasGradient(in: library)
    var bias: [Int32] = [0, 7, -5, Int32.max, Int32.min, 100, 1000, -1000, 1, 2]
    let before = bias
    let scale: [Float] = [1, 0.5, 2, -1e10, 1e10, 3, 30, 300, 1e20, .nan]
    let operands = (GuardedBuffer(layer.gradient), GuardedBuffer(scale), GuardedBuffer([Float(2)]))
    let target = GuardedBuffer(bias)
    try withExtendedLifetime(operands) {
      try library.call(
        "tinysdk_conv2d_bias_update_s32", layer.arguments, operands.0.pointer, operands.1.pointer,
        operands.2.pointer, target.pointer)
    }
    for index in bias.indices {
      bias[index] = updatedBias(before[index], step: 2 * scale[index], gradient: gradient[index])
    }
    #expect(target.values == bias)
  }
}
