import KernelAPI
import KernelBridge
import Testing

@Suite("conv2d_1x1_s8")
struct Conv2D1x1Tests {
  @Test(
    "Equals the definition, in place and out of place, whole and split", arguments: pointwiseShapes,
    KernelBuild.allCases)
  func definition(shape: ConvolutionShape, build: KernelBuild) async throws {
    let library = try await build.library
    for rounding in [TINYSDK_ROUNDING_TFLITE, TINYSDK_ROUNDING_SINGLE] {
      var layer = ConvolutionCase(shape, seed: 4)
      layer.arguments.rounding = rounding
      let expected = layer.expectedOutput
      let split = layer.split(learning: learningPositions(of: layer.positions))
      for inPlace in [false, true] {
        #expect(try layer.forward("tinysdk_conv2d_1x1_s8", in: library, inPlace: inPlace) == expected)
        let found = try layer.forward("tinysdk_conv2d_1x1_s8", in: library, split: split, inPlace: inPlace)
        #expect(found == expected)
      }
    }
  }

  @Test("The scratch of 240 channels stays below 4 KiB")
  func scratch() async throws {
    let layer = ConvolutionCase(ConvolutionShape(channels: 240, height: 8, width: 8, outputs: 2))
    let library = try await KernelBuild.optimized.library
    #expect(try library.scratchBytes("tinysdk_conv2d_1x1_s8", layer.arguments) <= 4096)
  }
}
