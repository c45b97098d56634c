import KernelAPI
import KernelBridge
import Testing

/// Without this, a backend that refuses everything would pass every test on the portable kernels.
struct ChosenKernelsTests {
  private let pointwise = bytes(
    of: ConvolutionShape(channels: 16, height: 8, width: 8, outputs: 24, inputZero: -3).arguments)
  private let depthwise = bytes(
    of: ConvolutionShape(
      channels: 16, height: 8, width: 8, outputs: 16, kernel: (3, 3), pads: (1, 1, 1, 1), groups: 16
    ).arguments)
  private let general = bytes(
    of: ConvolutionShape(
      channels: 3, height: 16, width: 16, outputs: 8, kernel: (3, 3), stride: (2, 2), pads: (1, 1, 1, 1)
    ).arguments)

  @Test(arguments: [KernelBuild.host, .dsp, .helium])
  func aTypicalLayerRunsOnTheBackendsOwnKernels(build: KernelBuild) async throws {
    let kernels = try await build.library
    let calls = [
      ("tinysdk_conv2d_1x1_s8", pointwise), ("tinysdk_depthwise_conv2d_s8", depthwise),
      ("tinysdk_conv2d_s8", general), ("tinysdk_conv2d_1x1_input_gradient_f32", pointwise),
      ("tinysdk_depthwise_input_gradient_f32", depthwise), ("tinysdk_conv2d_weight_update_s8", pointwise),
      ("tinysdk_conv2d_bias_update_s32", pointwise), ("tinysdk_conv2d_1x1_input_gradient_g8", pointwise),
      ("tinysdk_conv2d_1x1_input_gradient_g16", pointwise),
      ("tinysdk_depthwise_input_gradient_g8", depthwise),
      ("tinysdk_depthwise_input_gradient_g16", depthwise),
      ("tinysdk_conv2d_weight_update_s8_g8", pointwise), ("tinysdk_conv2d_weight_update_s8_g16", pointwise),
      ("tinysdk_conv2d_bias_update_s32_g8", pointwise), ("tinysdk_conv2d_bias_update_s32_g16", pointwise),
    ]
    for (symbol, arguments) in calls {
      let chosen = try kernels.choice(for: symbol, arguments: arguments)
      #expect(chosen != symbol && kernels.variants[symbol]?.contains(chosen) == true, "\(symbol) on \(build)")
    }
  }

  @Test func floatDenseLayersRunOnTheFloatingPointUnitsKernels() async throws {
    let kernels = try await KernelBuild.dsp.library
    let arguments = bytes(of: tinysdk_dense_f32_args(batch: 1, in_count: 64, out_count: 32))
    for name in [
      "dense_f32", "dense_input_gradient_f32", "dense_weight_update_f32", "dense_relu_update_f32",
    ] {
      #expect(try kernels.choice(for: "tinysdk_\(name)", arguments: arguments) == "tinysdk_\(name)_dsp")
    }
  }

  @Test func everyVariantIsThereAndAnswers() async throws {
    for build in [KernelBuild.host, .dsp, .helium] {
      let kernels = try await build.library
      #expect(kernels.variants.count > 10)
      for variant in kernels.variants.values.joined() {
        #expect(kernels.library.contains(variant) && kernels.library.contains("\(variant)_instructions"))
      }
    }
  }

  @Test func withoutABackendTheContractsOwnKernelIsCalled() async throws {
    let kernels = try await KernelBuild.optimized.library
    #expect(
      try kernels.choice(for: "tinysdk_conv2d_1x1_s8", arguments: pointwise) == "tinysdk_conv2d_1x1_s8")
  }
}
