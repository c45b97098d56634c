import KernelAPI
import KernelBridge
import Testing

/// Runs a vector on one kernel and gives the output in the kernels' channel order.
private func run(_ vector: GoldenVector, _ symbol: String, rounding: Int32, in library: ChosenKernels) throws
  -> [Int8]
{
  switch vector.op {
  case "conv2d", "depthwise_conv2d":
    return try vector.convolution(rounding: rounding).forward(symbol, in: library).values
  case "fully_connected": return try dense(vector, rounding: rounding, in: library)
  case "add": return try add(vector, rounding: rounding, in: library)
  default: return try pool(vector, symbol, in: library)
  }
}

private func dense(_ vector: GoldenVector, rounding: Int32, in library: ChosenKernels) throws -> [Int8] {
  let (inShape, outShape) = try (vector.require(vector.input_shape), vector.require(vector.output_shape))
  let arguments = tinysdk_dense_args(
    batch: Int32(inShape[0]), in_count: Int32(inShape[1]), out_count: Int32(outShape[1]),
    input_zero: -(vector.input_offset ?? 0), weight_zero: -(vector.weight_offset ?? 0),
    output_zero: vector.output_offset ?? 0, clamp_min: vector.clamp[0], clamp_max: vector.clamp[1],
    rounding: rounding, trained_channels: 0)
  let input = GuardedBuffer(try vector.require(vector.input))
  let weights = GuardedBuffer(try vector.require(vector.weight))
  let bias = vector.bias.map { GuardedBuffer($0) }
  let scales = GuardedBuffer(try vector.requantizations(outShape[1]))
  let output = GuardedBuffer(repeating: Int8(77), count: outShape[0] * outShape[1])
  try withExtendedLifetime((input, weights, bias, scales)) {
    try library.call(
      "tinysdk_dense_s8", arguments, input.pointer, weights.pointer, nil, nil, bias?.pointer, scales.pointer,
      output.pointer, nil)
  }
  return output.values
}

private func add(_ vector: GoldenVector, rounding: Int32, in library: ChosenKernels) throws -> [Int8] {
  let arguments = tinysdk_add_args(
    count: Int32(vector.output.count), left_shift: try vector.require(vector.left_shift),
    input1_zero: -(try vector.require(vector.input1_offset)),
    input1_multiplier: try vector.require(vector.input1_multiplier),
    input1_shift: try vector.require(vector.input1_shift),
    input2_zero: -(try vector.require(vector.input2_offset)),
    input2_multiplier: try vector.require(vector.input2_multiplier),
    input2_shift: try vector.require(vector.input2_shift),
    output_zero: try vector.require(vector.output_offset),
    output_multiplier: try vector.require(vector.output_multiplier),
    output_shift: try vector.require(vector.output_shift), clamp_min: vector.clamp[0],
    clamp_max: vector.clamp[1],
    rounding: rounding)
  let input1 = GuardedBuffer(try vector.require(vector.input1))
  let input2 = GuardedBuffer(try vector.require(vector.input2))
  let mask = GuardedBuffer(repeating: UInt8(0), count: (vector.output.count + 7) / 8)
  // In place on the second input.
  try withExtendedLifetime(input1) {
    try library.call(
      "tinysdk_add_s8", arguments, input1.pointer, input2.pointer, input2.pointer, mask.pointer)
  }
  return input2.values
}

private func pool(_ vector: GoldenVector, _ symbol: String, in library: ChosenKernels) throws -> [Int8] {
  let (inShape, outShape) = try (vector.require(vector.input_shape), vector.require(vector.output_shape))
  let (kernel, stride, pads) = try (
    vector.require(vector.kernel), vector.require(vector.stride), vector.require(vector.pad_top_left)
  )
  let arguments = tinysdk_pool2d_args(
    batch: Int32(inShape[0]), channels: Int32(inShape[3]), in_height: Int32(inShape[1]),
    in_width: Int32(inShape[2]), out_height: Int32(outShape[1]), out_width: Int32(outShape[2]),
    kernel_height: kernel[0], kernel_width: kernel[1], stride_y: stride[0], stride_x: stride[1],
    pad_top: pads[0],
    pad_left: pads[1], dilation_y: 1, dilation_x: 1, zero: 0, count_padding: 0, clamp_min: vector.clamp[0],
    clamp_max: vector.clamp[1])
  let input = GuardedBuffer(channelsFirst(try vector.require(vector.input), inShape))
  let output = GuardedBuffer(repeating: Int8(77), count: vector.output.count)
  try withExtendedLifetime(input) {
    if symbol == "tinysdk_max_pool2d_s8" {
      try library.call(symbol, arguments, input.pointer, output.pointer, nil, nil)
    } else {
      try library.call(symbol, arguments, input.pointer, output.pointer, nil)
    }
  }
  return output.values
}

/// The kernels that can run a vector, the general one first.
private func kernels(for vector: GoldenVector) throws -> [String] {
  switch vector.op {
  case "conv2d":
    let pointwise = try vector.convolution(rounding: TINYSDK_ROUNDING_TFLITE).isPointwise
    return ["tinysdk_conv2d_s8"] + (pointwise ? ["tinysdk_conv2d_1x1_s8"] : [])
  case "depthwise_conv2d": return ["tinysdk_conv2d_s8", "tinysdk_depthwise_conv2d_s8"]
  case "fully_connected": return ["tinysdk_dense_s8"]
  case "add": return ["tinysdk_add_s8"]
  case "avg_pool2d": return ["tinysdk_average_pool2d_s8"]
  default: return ["tinysdk_max_pool2d_s8"]
  }
}

extension ConvolutionCase {
  /// Whether the 1x1 kernels run it.
  var isPointwise: Bool {
    arguments.taps == 1 && arguments.groups == 1 && arguments.stride_x == 1 && arguments.stride_y == 1
      && arguments.pad_top == 0 && arguments.pad_left == 0 && arguments.inputPlane == arguments.outputPlane
  }
}

extension GoldenVector {
  fileprivate var expected: [Int8] {
    guard let shape = output_shape, shape.count == 4 else { return output }
    return channelsFirst(output, shape)
  }

  /// How many elements each fitting kernel gets different.
  fileprivate func differences(rounding: Int32, in library: ChosenKernels) throws -> [String: Int] {
    var result: [String: Int] = [:]
    for symbol in try kernels(for: self) {
      let found = try run(self, symbol, rounding: rounding, in: library)
      result[symbol] = found.count == expected.count ? zip(found, expected).count { $0 != $1 } : -1
    }
    return result
  }
}

@Suite(
  "Golden kernel vectors",
  .enabled(if: hasGoldenVectors, "no golden vectors: ../shared/golden/cmsis-nn/vectors.jsonl is not there"))
struct GoldenVectorTests {
  @Test(
    "All 45 vectors are exact with two roundings, on every kernel that fits", arguments: KernelBuild.allCases)
  func doubleRounding(build: KernelBuild) async throws {
    let library = try await build.library
    let vectors = try goldenVectors()
    #expect(vectors.count == 45)
    var runs = 0
    for vector in vectors {
      for (symbol, count) in try vector.differences(rounding: TINYSDK_ROUNDING_TFLITE, in: library) {
        #expect(count == 0, "\(vector.name) on \(symbol): \(count) elements differ")
        runs += 1
      }
    }
    // 8 depthwise vectors run twice, and so do the convolutions of one pixel.
    #expect(runs > 45 + 8)
  }

  @Test("With one rounding exactly five vectors differ, by one element each", arguments: KernelBuild.allCases)
  func singleRounding(build: KernelBuild) async throws {
    let library = try await build.library
    var differing: [String: Int] = [:]
    for vector in try goldenVectors() {
      for (_, count) in try vector.differences(rounding: TINYSDK_ROUNDING_SINGLE, in: library)
      where count != 0 {
        differing[vector.name] = count
      }
    }
    #expect(
      differing == [
        "conv_1_x_n_7": 1, "conv_2x2_dilation": 1, "conv_5": 1, "grouped_conv_4": 1,
        "kernel1x1_stride_x_y": 1,
      ])
  }
}
