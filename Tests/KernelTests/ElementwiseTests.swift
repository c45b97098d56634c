import KernelAPI
import KernelBridge
import Testing

@Suite("Elementwise kernels")
struct ElementwiseTests {
  @Test(
    "scale_f32 scales by channel and stops where the mask says, in place", arguments: KernelBuild.allCases)
  func scale(build: KernelBuild) async throws {
    let library = try await build.library
    var generator = SeededGenerator(seed: 80)
    let arguments = tinysdk_planes_args(batch: 2, channels: 3, plane: 7)
    let input = generator.floats(42)
    let scale: [Float] = [2, -0.5, 0.3]
    let mask = generator.bytes(6).map { UInt8(bitPattern: $0) }
    let (maskBuffer, scaleBuffer) = (GuardedBuffer(mask), GuardedBuffer(scale))
    for masked in [false, true] {
      let operand = GuardedBuffer(input)
      try withExtendedLifetime((maskBuffer, scaleBuffer)) {
        try library.call(
          "tinysdk_scale_f32", arguments, operand.pointer, masked ? maskBuffer.pointer : nil,
          scaleBuffer.pointer,
          operand.pointer)
      }
      let passing = bits(mask, count: 42)
      #expect(
        operand.values == input.indices.map { !masked || passing[$0] ? input[$0] * scale[$0 / 7 % 3] : 0 })
    }
  }

  @Test("gather_planes_s8 takes the named planes of every image", arguments: KernelBuild.allCases)
  func gather(build: KernelBuild) async throws {
    let library = try await build.library
    let input = (0..<40).map { Int8($0) }
    let (source, order) = (GuardedBuffer(input), GuardedBuffer([UInt16(3), 0, 2]))
    let target = GuardedBuffer(repeating: Int8(77), count: 30)
    try withExtendedLifetime((source, order)) {
      try library.call(
        "tinysdk_gather_planes_s8", tinysdk_gather_args(batch: 2, in_channels: 4, channels: 3, plane: 5),
        source.pointer, order.pointer, target.pointer)
    }
    let planes = [3, 0, 2, 7, 4, 6]
    #expect(target.values == planes.flatMap { input[(5 * $0)..<(5 * $0 + 5)] })
  }

  @Test("accumulate_f32 adds, in place on either input", arguments: KernelBuild.allCases)
  func accumulate(build: KernelBuild) async throws {
    let library = try await build.library
    var generator = SeededGenerator(seed: 81)
    let a = generator.floats(35)
    let b = generator.floats(35)
    for place in 0..<3 {
      let operands = [GuardedBuffer(a), GuardedBuffer(b), GuardedBuffer(repeating: Float(77), count: 35)]
      try withExtendedLifetime(operands) {
        try library.call(
          "tinysdk_accumulate_f32", tinysdk_count_args(count: 35), operands[0].pointer, operands[1].pointer,
          operands[place].pointer)
      }
      #expect(operands[place].values == zip(a, b).map { $0 + $1 })
    }
  }

  @Test("relu_f32 keeps what is not negative, in place", arguments: KernelBuild.allCases)
  func relu(build: KernelBuild) async throws {
    let library = try await build.library
    let input: [Float] = [-2, -0.0, 0, 3, -.leastNonzeroMagnitude, .infinity, -.infinity, .nan]
    for place in 0..<2 {
      let operands = [GuardedBuffer(input), GuardedBuffer(repeating: Float(77), count: 8)]
      try withExtendedLifetime(operands) {
        try library.call(
          "tinysdk_relu_f32", tinysdk_count_args(count: 8), operands[0].pointer, operands[place].pointer)
      }
      #expect(
        operands[place].values.map(\.bitPattern)
          == [0, -0.0, 0, 3, 0, .infinity, 0, .nan].map { (value: Float) in value.bitPattern })
    }
  }

  @Test("relu_gradient_f32 passes where the output is positive, in place", arguments: KernelBuild.allCases)
  func reluGradient(build: KernelBuild) async throws {
    let library = try await build.library
    let gradient: [Float] = [1, -2, 3, -4, 5]
    let output: [Float] = [0, 7, -0.0, .leastNonzeroMagnitude, .nan]
    for place in 0..<3 {
      let operands = [
        GuardedBuffer(gradient), GuardedBuffer(output), GuardedBuffer(repeating: Float(77), count: 5),
      ]
      try withExtendedLifetime(operands) {
        try library.call(
          "tinysdk_relu_gradient_f32", tinysdk_count_args(count: 5), operands[0].pointer, operands[1].pointer,
          operands[place].pointer)
      }
      #expect(
        operands[place].values.map(\.bitPattern)
          == [0, -2, 0, -4, 0].map { (value: Float) in value.bitPattern })
    }
  }

  @Test("dequantize_f32 takes off the zero point, then scales", arguments: KernelBuild.allCases)
  func dequantize(build: KernelBuild) async throws {
    let library = try await build.library
    let input = (-128...127).map { Int8($0) }
    let (source, target) = (GuardedBuffer(input), GuardedBuffer(repeating: Float(77), count: 256))
    try withExtendedLifetime(source) {
      try library.call(
        "tinysdk_dequantize_f32", tinysdk_dequantize_args(count: 256, zero: -128, scale: 0.0371),
        source.pointer, target.pointer)
    }
    #expect(target.values == input.map { Float(Int($0) + 128) * 0.0371 })
  }
}
