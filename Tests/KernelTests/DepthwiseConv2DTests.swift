import KernelAPI
import KernelBridge
import Testing

@Suite("depthwise_conv2d_s8")
struct DepthwiseConv2DTests {
  @Test(
    "Equals the definition and the general kernel, whole and split, in place where it fits",
    arguments: depthwiseShapes, KernelBuild.allCases)
  func definition(shape: ConvolutionShape, build: KernelBuild) async throws {
    let library = try await build.library
    for rounding in [TINYSDK_ROUNDING_TFLITE, TINYSDK_ROUNDING_SINGLE] {
      var layer = ConvolutionCase(shape, seed: 5)
      layer.arguments.rounding = rounding
      let expected = layer.expectedOutput
      let split = layer.split(learning: learningPositions(of: layer.positions))
      let fits = layer.arguments.outputCount <= layer.input.count
      #expect(try layer.forward("tinysdk_conv2d_s8", in: library) == expected)
      for inPlace in fits ? [false, true] : [false] {
        #expect(try layer.forward("tinysdk_depthwise_conv2d_s8", in: library, inPlace: inPlace) == expected)
        let found = try layer.forward(
          "tinysdk_depthwise_conv2d_s8", in: library, split: split, inPlace: inPlace)
        #expect(found == expected)
      }
    }
  }

  @Test("The scratch of a 64 x 64 plane with a 7 x 7 kernel stays below 5 KiB")
  func scratch() async throws {
    let layer = ConvolutionCase(
      ConvolutionShape(height: 64, width: 64, kernel: (7, 7), pads: (3, 3, 3, 3)))
    let library = try await KernelBuild.optimized.library
    #expect(try library.scratchBytes("tinysdk_depthwise_conv2d_s8", layer.arguments) <= 5120)
  }
}
