import KernelAPI
import KernelBridge
import Testing

@Suite("add_s8 and requantize_s8")
struct AddTests {
  private let first: [Int8]
  private let second: [Int8]

  init() {
    var generator = SeededGenerator(seed: 50)
    first = generator.bytes(203)
    second = generator.bytes(203)
  }

  private func scale(_ multiplier: Int32, _ shift: Int32) -> tinysdk_requantization {
    tinysdk_requantization(multiplier: multiplier, shift: shift)
  }

  @Test(
    "The sum follows TFLite's three requantizations, in place on either input",
    arguments: KernelBuild.allCases)
  func add(build: KernelBuild) async throws {
    let library = try await build.library
    for rounding in [TINYSDK_ROUNDING_TFLITE, TINYSDK_ROUNDING_SINGLE] {
      let arguments = tinysdk_add_args(
        count: 203, left_shift: 20, input1_zero: -9, input1_multiplier: 1_500_000_007, input1_shift: -1,
        input2_zero: 17, input2_multiplier: 1 << 30, input2_shift: 0, output_zero: 4,
        output_multiplier: 1_777_777_777, output_shift: -19, clamp_min: -100, clamp_max: 90,
        rounding: rounding)
      let values = zip(first, second).map { a, b in
        let a = requantize((Int(a) + 9) << 20, scale(1_500_000_007, -1), rounding: rounding)
        let b = requantize((Int(b) - 17) << 20, scale(1 << 30, 0), rounding: rounding)
        return requantize(a + b, scale(1_777_777_777, -19), rounding: rounding) + 4
      }
      for place in 0..<3 {
        let operands = [
          GuardedBuffer(first), GuardedBuffer(second), GuardedBuffer(repeating: Int8(0), count: 203),
        ]
        let mask = GuardedBuffer(repeating: UInt8(0xFF), count: 26)
        try withExtendedLifetime(operands) {
          try library.call(
            "tinysdk_add_s8", arguments, operands[0].pointer, operands[1].pointer, operands[place].pointer,
            mask.pointer)
        }
        #expect(operands[place].values == values.map { Int8(min(max($0, -100), 90)) })
        #expect(bits(mask.values, count: 203) == values.map { $0 >= -100 && $0 <= 90 })
      }
    }
  }

  @Test("Requantization to a coarser and to a finer scale, in place", arguments: KernelBuild.allCases)
  func requantization(build: KernelBuild) async throws {
    let library = try await build.library
    for (multiplier, shift) in [(Int32(1_234_567_890), Int32(-2)), (1_900_000_000, 3), (Int32.max, 30)] {
      for rounding in [TINYSDK_ROUNDING_TFLITE, TINYSDK_ROUNDING_SINGLE] {
        let arguments = tinysdk_requantize_args(
          count: 203, input_zero: 5, output_zero: -20, multiplier: multiplier, shift: shift, clamp_min: -128,
          clamp_max: 127, rounding: rounding)
        let values = first.map { requantize(Int($0) - 5, scale(multiplier, shift), rounding: rounding) - 20 }
        let operand = GuardedBuffer(first)
        let mask = GuardedBuffer(repeating: UInt8(0), count: 26)
        try library.call("tinysdk_requantize_s8", arguments, operand.pointer, operand.pointer, mask.pointer)
        #expect(operand.values == values.map { Int8(min(max($0, -128), 127)) })
        #expect(bits(mask.values, count: 203) == values.map { $0 >= -128 && $0 <= 127 })
      }
    }
  }
}
