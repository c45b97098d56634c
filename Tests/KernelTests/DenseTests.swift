import KernelAPI
import KernelBridge
import Testing

private let arguments = tinysdk_dense_args(
  batch: 3, in_count: 37, out_count: 6, input_zero: -11, weight_zero: 4, output_zero: 3, clamp_min: -100,
  clamp_max: 120, rounding: TINYSDK_ROUNDING_SINGLE, trained_channels: 0)

@Suite("dense_s8")
struct DenseTests {
  /// The same layer as a convolution of one pixel.
  private var asConvolution: ConvolutionCase {
    var layer = ConvolutionCase(
      ConvolutionShape(
        batch: 3, channels: 37, outputs: 6, inputZero: -11, weightZero: 4, rounding: TINYSDK_ROUNDING_SINGLE),
      seed: 30)
    layer.arguments.output_zero = arguments.output_zero
    layer.arguments.clamp_min = arguments.clamp_min
    layer.arguments.clamp_max = arguments.clamp_max
    return layer
  }

  private func run(_ layer: ConvolutionCase, _ split: WeightSplit?, in library: ChosenKernels) throws
    -> ConvolutionCase.Output
  {
    var arguments = arguments
    arguments.trained_channels = split?.trainedCount ?? 0
    arguments.rounding = layer.arguments.rounding
    let operands = (
      GuardedBuffer(layer.input), GuardedBuffer(split?.frozen ?? layer.weights),
      split.map { GuardedBuffer($0.trained) }, split.map { GuardedBuffer($0.order) },
      layer.bias.map { GuardedBuffer($0) }, GuardedBuffer(layer.requantization)
    )
    let output = GuardedBuffer(repeating: Int8(77), count: 18)
    let mask = GuardedBuffer(repeating: UInt8(0), count: 3)
    try withExtendedLifetime(operands) {
      try library.call(
        "tinysdk_dense_s8", arguments, operands.0.pointer, operands.1.pointer, operands.2?.pointer,
        operands.3?.pointer, operands.4?.pointer, operands.5.pointer, output.pointer, mask.pointer)
    }
    return ConvolutionCase.Output(values: output.values, mask: bits(mask.values, count: 18))
  }

  @Test(
    "Equals the definition, the general and the 1x1 convolution, whole and split",
    arguments: KernelBuild.allCases)
  func definition(build: KernelBuild) async throws {
    let library = try await build.library
    for rounding in [TINYSDK_ROUNDING_TFLITE, TINYSDK_ROUNDING_SINGLE] {
      var layer = asConvolution
      layer.arguments.rounding = rounding
      let expected = layer.expectedOutput
      #expect(try run(layer, nil, in: library) == expected)
      #expect(try layer.forward("tinysdk_conv2d_s8", in: library) == expected)
      #expect(try layer.forward("tinysdk_conv2d_1x1_s8", in: library, inPlace: true) == expected)
      for learning in [learningPositions(of: 37), Array(0..<37), [36]] {
        #expect(try run(layer, layer.split(learning: learning), in: library) == expected)
      }
      layer.bias = nil
      #expect(try run(layer, nil, in: library) == layer.expectedOutput)
    }
  }
}
