import KernelAPI
import KernelBridge
import Testing

/// Half to even in float64, clamped.
private func exact(_ value: Double, zero: Int32, low: Int32, high: Int32) -> (value: Int8, passes: Bool) {
  let rounded = value.rounded(.toNearestOrEven) + Double(zero)
  return (
    Int8(min(max(rounded, Double(low)), Double(high))), rounded >= Double(low) && rounded <= Double(high)
  )
}

@Suite("Exact kernels")
struct ExactTests {
  private func scales(_ count: Int32) -> [Double] {
    var generator = SeededGenerator(seed: 90)
    return (0..<count).map { _ in Double.random(in: 0.0005...0.01, using: &generator) }
  }

  private func expected(_ layer: ConvolutionCase, _ scales: [Double]) -> [(value: Int8, passes: Bool)] {
    let (input, weights) = layer.centered { $0 }
    return convolve(layer.arguments, input, weights).enumerated().map { index, sum in
      let o = index / layer.arguments.outputPlane % scales.count
      return exact(
        Double(sum + Int(layer.bias?[o] ?? 0)) * scales[o], zero: layer.arguments.output_zero,
        low: layer.arguments.clamp_min, high: layer.arguments.clamp_max)
    }
  }

  @Test(
    "Convolutions, whole and split, with biases at the limits of 32 bits", arguments: generalShapes,
    KernelBuild.allCases)
  func convolution(shape: ConvolutionShape, build: KernelBuild) async throws {
    let library = try await build.library
    var layer = ConvolutionCase(shape, seed: 91)
    layer.bias?[0] = Int32.max
    layer.bias?[1] = Int32.min
    let scales = scales(layer.arguments.out_channels)
    let wanted = expected(layer, scales)
    let split =
      layer.arguments.isDepthwise ? nil : layer.split(learning: learningPositions(of: layer.positions))
    for split in [nil, split] {
      var arguments = layer.arguments
      arguments.trained_channels = split?.trainedCount ?? 0
      let operands = (
        GuardedBuffer(layer.input), GuardedBuffer(split?.frozen ?? layer.weights),
        split.map { GuardedBuffer($0.trained) }, split.map { GuardedBuffer($0.order) },
        layer.bias.map { GuardedBuffer($0) }, GuardedBuffer(scales)
      )
      let output = GuardedBuffer(repeating: Int8(77), count: wanted.count)
      let mask = GuardedBuffer(repeating: UInt8(0), count: (wanted.count + 7) / 8)
      try withExtendedLifetime(operands) {
        try library.call(
          "tinysdk_conv2d_s8_exact", arguments, operands.0.pointer, operands.1.pointer, operands.2?.pointer,
          operands.3?.pointer, operands.4?.pointer, operands.5.pointer, output.pointer, mask.pointer)
      }
      #expect(output.values == wanted.map(\.value))
      #expect(bits(mask.values, count: wanted.count) == wanted.map(\.passes))
    }
  }

  @Test("Dense layers equal convolutions of one pixel", arguments: KernelBuild.allCases)
  func dense(build: KernelBuild) async throws {
    let library = try await build.library
    let layer = ConvolutionCase(ConvolutionShape(batch: 2, channels: 19, outputs: 5, inputZero: 3), seed: 92)
    let scales = scales(5)
    let wanted = expected(layer, scales)
    let arguments = tinysdk_dense_args(
      batch: 2, in_count: 19, out_count: 5, input_zero: 3, weight_zero: 0, output_zero: 5, clamp_min: -120,
      clamp_max: 110, rounding: 0, trained_channels: 0)
    let operands = (
      GuardedBuffer(layer.input), GuardedBuffer(layer.weights), layer.bias.map { GuardedBuffer($0) },
      GuardedBuffer(scales)
    )
    let output = GuardedBuffer(repeating: Int8(77), count: 10)
    let mask = GuardedBuffer(repeating: UInt8(0), count: 2)
    try withExtendedLifetime(operands) {
      try library.call(
        "tinysdk_dense_s8_exact", arguments, operands.0.pointer, operands.1.pointer, nil, nil,
        operands.2?.pointer, operands.3.pointer, output.pointer, mask.pointer)
    }
    #expect(output.values == wanted.map(\.value))
    #expect(bits(mask.values, count: 10) == wanted.map(\.passes))
  }

  @Test("Sums and requantizations of int8 tensors", arguments: KernelBuild.allCases)
  func elementwise(build: KernelBuild) async throws {
    let library = try await build.library
    var generator = SeededGenerator(seed: 93)
    let (a, b) = (generator.bytes(301), generator.bytes(301))
    var sum = tinysdk_add_args()
    (sum.count, sum.input1_zero, sum.input2_zero, sum.output_zero) = (301, -4, 9, 2)
    (sum.clamp_min, sum.clamp_max) = (-90, 127)
    let scales = [0.021, 0.5, 0.25]
    let added = zip(a, b).map { a, b in
      exact(
        (Double(Int(a) + 4) * scales[0] + Double(Int(b) - 9) * scales[1]) / scales[2], zero: 2, low: -90,
        high: 127)
    }
    #expect(
      try run("tinysdk_add_s8_exact", bytes(of: sum), [a, b], scales, in: library) == added.map(\.value))
    var scaling = tinysdk_requantize_args()
    (scaling.count, scaling.input_zero, scaling.output_zero) = (301, -4, 2)
    (scaling.clamp_min, scaling.clamp_max) = (-128, 100)
    // A factor of one half: every other value is a tie.
    let halved = a.map { exact(Double(Int($0) + 4) * 0.5, zero: 2, low: -128, high: 100) }
    #expect(
      try run("tinysdk_requantize_s8_exact", bytes(of: scaling), [a], [0.5], in: library)
        == halved.map(\.value))
  }

  private func run(
    _ symbol: String, _ arguments: [UInt8], _ inputs: [[Int8]], _ scales: [Double], in library: ChosenKernels
  ) throws -> [Int8] {
    let operands = inputs.map { GuardedBuffer($0) }
    let scales = GuardedBuffer(scales)
    let output = GuardedBuffer(repeating: Int8(77), count: inputs[0].count)
    try withExtendedLifetime((operands, scales)) {
      try library.call(
        symbol, arguments: arguments,
        pointers: operands.map(\.pointer) + [scales.pointer, output.pointer, nil])
    }
    return output.values
  }
}
