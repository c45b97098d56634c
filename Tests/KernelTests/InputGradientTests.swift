import KernelAPI
import KernelBridge
import Testing

extension ConvolutionCase {
  /// The input gradient in the contract's order of operations, bit for bit.
  fileprivate var definedInputGradient: [Float] {
    // Products by input pixel; for one pixel the contract's order is output channel, kernel row, kernel
    // column.
    var products = [[(output: Int, weight: Int)]](repeating: [], count: input.count)
    forEachProduct(arguments) { products[$1].append(($0, $2)) }
    return products.map { list in
      let ordered = list.sorted { $0.weight < $1.weight }
      return ordered.reduce(Float(0)) { sum, product in
        sum.addingProduct(
          Float(weights[product.weight]) - Float(arguments.weight_zero), gradient[product.output])
      }
    }
  }

  /// The input gradient by central differences of the float64 convolution.
  fileprivate var differencedInputGradient: [Double] {
    finiteDifferences(centered { Double($0) }.input) { loss(input: $0) }
  }
}

@Suite("Input gradients of convolutions")
struct InputGradientTests {
  @Test("General kernel: the defined order, bit for bit", arguments: generalShapes, KernelBuild.allCases)
  func general(shape: ConvolutionShape, build: KernelBuild) async throws {
    let library = try await build.library
    let layer = ConvolutionCase(shape, seed: 6)
    let expected = layer.definedInputGradient
    #expect(try layer.inputGradient("tinysdk_conv2d_input_gradient_f32", in: library) == expected)
    let split = layer.split(learning: learningPositions(of: layer.positions))
    #expect(
      try layer.inputGradient("tinysdk_conv2d_input_gradient_f32", in: library, split: split) == expected)
  }

  @Test("Finite differences agree", arguments: smallShapes)
  func differences(shape: ConvolutionShape) async throws {
    let layer = ConvolutionCase(shape, seed: 7)
    let found = try layer.inputGradient(
      "tinysdk_conv2d_input_gradient_f32", in: try await KernelBuild.optimized.library)
    #expect(relativeError(found, layer.differencedInputGradient) < 1e-6)
  }

  @Test(
    "1x1 kernel: the defined order, in place and out of place, whole and split", arguments: pointwiseShapes,
    KernelBuild.allCases)
  func pointwise(shape: ConvolutionShape, build: KernelBuild) async throws {
    try check("tinysdk_conv2d_1x1_input_gradient_f32", shape, in: try await build.library, inPlace: true)
  }

  @Test(
    "Depthwise kernel: the defined order, whole and split, in place where it fits",
    arguments: depthwiseShapes,
    KernelBuild.allCases)
  func depthwise(shape: ConvolutionShape, build: KernelBuild) async throws {
    let layer = ConvolutionCase(shape)
    let fits =
      layer.arguments.inputCount == layer.arguments.outputCount && shape.stride == (1, 1)
      && layer.arguments.in_channels == layer.arguments.out_channels
    try check("tinysdk_depthwise_input_gradient_f32", shape, in: try await build.library, inPlace: fits)
  }

  private func check(_ symbol: String, _ shape: ConvolutionShape, in library: ChosenKernels, inPlace: Bool)
    throws
  {
    let layer = ConvolutionCase(shape, seed: 8)
    let expected = layer.definedInputGradient
    let split = layer.split(learning: learningPositions(of: layer.positions))
    for inPlace in inPlace ? [false, true] : [false] {
      #expect(try layer.inputGradient(symbol, in: library, inPlace: inPlace) == expected)
      #expect(try layer.inputGradient(symbol, in: library, split: split, inPlace: inPlace) == expected)
    }
  }

  @Test("The scratch of 240 channels, and of 64 columns with a kernel of 7 rows, stays below 4 KiB")
  func scratch() async throws {
    let library = try await KernelBuild.optimized.library
    let pointwise = ConvolutionCase(ConvolutionShape(height: 2, width: 2, outputs: 240)).arguments
    #expect(try library.scratchBytes("tinysdk_conv2d_1x1_input_gradient_f32", pointwise) <= 4096)
    let depthwise = ConvolutionCase(
      ConvolutionShape(height: 64, width: 64, kernel: (7, 7), pads: (3, 3, 3, 3))
    ).arguments
    #expect(try library.scratchBytes("tinysdk_depthwise_input_gradient_f32", depthwise) <= 4096)
  }
}
