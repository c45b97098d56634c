import KernelAPI
import KernelBridge
import Testing

@Suite("conv2d_s8")
struct Conv2DTests {
  @Test(
    "Equals the definition, mask included, in both roundings", arguments: generalShapes, KernelBuild.allCases)
  func definition(shape: ConvolutionShape, build: KernelBuild) async throws {
    let library = try await build.library
    for rounding in [TINYSDK_ROUNDING_TFLITE, TINYSDK_ROUNDING_SINGLE] {
      var layer = ConvolutionCase(shape)
      layer.arguments.rounding = rounding
      let expected = layer.expectedOutput
      #expect(try layer.forward("tinysdk_conv2d_s8", in: library) == expected)
      #expect(try layer.forward("tinysdk_conv2d_s8", in: library, masked: false).values == expected.values)
      layer.bias = nil
      #expect(try layer.forward("tinysdk_conv2d_s8", in: library) == layer.expectedOutput)
    }
  }

  @Test("Split weights give what whole weights give", arguments: generalShapes, KernelBuild.allCases)
  func split(shape: ConvolutionShape, build: KernelBuild) async throws {
    let layer = ConvolutionCase(shape, seed: 2)
    guard !layer.arguments.isDepthwise else { return }
    let library = try await build.library
    for learning in [learningPositions(of: layer.positions), Array(0..<layer.positions)] {
      let found = try layer.forward("tinysdk_conv2d_s8", in: library, split: layer.split(learning: learning))
      #expect(found == layer.expectedOutput)
    }
  }

  @Test("Biases and scales at the limits of 32 bits saturate", arguments: KernelBuild.allCases)
  func limits(build: KernelBuild) async throws {
    let library = try await build.library
    let scales: [(Int32, Int32)] = [
      (Int32.max, 30), (1 << 30, 1), (Int32.max, 0), (1 << 30, -31), (Int32.max, -31), (0, 0), (1 << 30, -8),
    ]
    for bias in [Int32.min, Int32.max, Int32.min + 1000, -1, 0, 1] {
      for (multiplier, shift) in scales {
        for rounding in [TINYSDK_ROUNDING_TFLITE, TINYSDK_ROUNDING_SINGLE] {
          var layer = ConvolutionCase(generalShapes[1], seed: 3)
          layer.arguments.rounding = rounding
          let count = Int(layer.arguments.out_channels)
          layer.bias = [Int32](repeating: bias, count: count)
          layer.requantization = Array(
            repeating: tinysdk_requantization(multiplier: multiplier, shift: shift), count: count)
          let found = try layer.forward("tinysdk_conv2d_s8", in: library)
          #expect(
            found == layer.expectedOutput, "bias \(bias), \(multiplier) * 2^\(shift), rounding \(rounding)")
        }
      }
    }
  }

  @Test("The mask passes exactly the values on the clamp's limits", arguments: KernelBuild.allCases)
  func maskBoundary(build: KernelBuild) async throws {
    // Scale 1, so that the outputs are the inputs: -5 ... 5, clamped to -2 ... 3.
    var layer = ConvolutionCase(ConvolutionShape(height: 1, width: 11))
    layer.input = (-5...5).map { Int8($0) }
    layer.weights = [1]
    layer.bias = nil
    layer.requantization = [tinysdk_requantization(multiplier: 1 << 30, shift: 1)]
    layer.arguments.output_zero = 0
    layer.arguments.clamp_min = -2
    layer.arguments.clamp_max = 3
    for symbol in ["tinysdk_conv2d_s8", "tinysdk_conv2d_1x1_s8", "tinysdk_depthwise_conv2d_s8"] {
      let found = try layer.forward(symbol, in: try await build.library)
      #expect(found.values == [-2, -2, -2, -2, -1, 0, 1, 2, 3, 3, 3])
      #expect(found.mask == (-5...5).map { $0 >= -2 && $0 <= 3 })
    }
  }
}
