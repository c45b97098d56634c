import Foundation
import KernelAPI
import KernelBridge
import Testing

@Suite("Schedules, momentum, accumulation, clipping")
struct OptimizerTests {
  private func scheduled(
    _ kind: String, _ arguments: tinysdk_schedule_args, rate: Float, step: UInt32, in library: ChosenKernels
  ) throws -> Float {
    let (rate, counter) = (GuardedBuffer([rate]), GuardedBuffer([step, 77] as [UInt32]))
    let target = GuardedBuffer([Float(77)])
    try withExtendedLifetime((rate, counter)) {
      try library.call(
        "tinysdk_schedule_\(kind)", arguments, rate.pointer, counter.pointer, target.pointer)
    }
    return target.values[0]
  }

  private func arguments(warmUp: Int32 = 0, steps: Int32 = 0, every: Int32 = 1, factor: Float = 1)
    -> tinysdk_schedule_args
  {
    tinysdk_schedule_args(warm_up: warmUp, steps: steps, every: every, factor: factor)
  }

  @Test("The warm-up rises in a line, then the rate stays", arguments: KernelBuild.allCases)
  func warmUp(build: KernelBuild) async throws {
    let library = try await build.library
    for kind in ["constant", "step", "cosine"] {
      let settings = arguments(warmUp: 7, steps: 1000, every: 500, factor: 0.5)
      for step in 0..<7 as Range<UInt32> {
        let expected = Float(0.3) * (Float(step + 1) / 7)
        #expect(try scheduled(kind, settings, rate: 0.3, step: step, in: library) == expected)
      }
      #expect(try scheduled(kind, settings, rate: 0.3, step: 7, in: library) == 0.3)
    }
    for step in [0, 5, 1 << 31, .max] as [UInt32] {
      #expect(try scheduled("constant", arguments(), rate: 0.3, step: step, in: library) == 0.3)
    }
  }

  @Test("Steps multiply the rate, to the last count", arguments: KernelBuild.allCases)
  func steps(build: KernelBuild) async throws {
    let library = try await build.library
    let settings = arguments(warmUp: 3, every: 10, factor: 0.5)
    for (step, power) in [(3, 0), (12, 0), (13, 1), (22, 1), (23, 2), (103, 10)] as [(UInt32, Int)] {
      let expected = Float(sign: .plus, exponent: -power, significand: 0.75)
      #expect(try scheduled("step", settings, rate: 0.75, step: step, in: library) == expected)
    }
    let slow = arguments(every: 3, factor: 0.9)
    for step in stride(from: 0 as UInt32, to: 300, by: 7) {
      let exact = 0.1 * pow(Double(Float(0.9)), Double(step / 3))
      let found = Double(try scheduled("step", slow, rate: 0.1, step: step, in: library))
      #expect(abs(found - exact) < 1e-5 * exact)
    }
    // The definition's squarings, written out: 5 = 101 in binary.
    let square = Float(0.9) * Float(0.9)
    #expect(
      try scheduled("step", slow, rate: 1, step: 15, in: library) == Float(0.9) * (square * square))
    #expect(try scheduled("step", slow, rate: 1, step: .max, in: library) == 0)
  }

  /// The contract's polynomial.
  private func cosineFactor(_ n: UInt32, of total: UInt32) -> Float {
    if n >= total { return 0 }
    let u = Float(n) / Float(total) - 0.5
    let v = u * u
    var sum: Float = 0x1.3de766p-4
    for coefficient in [-0x1.3250fep-1, 0x1.4668ep+1, -0x1.4abbc2p+2, 0x1.921fb6p+1] as [Float] {
      sum = coefficient.addingProduct(sum, v)
    }
    return max(0, Float(0.5).addingProduct(-0.5, u * sum))
  }

  @Test("The cosine has the contract's bits and is a cosine", arguments: KernelBuild.allCases)
  func cosine(build: KernelBuild) async throws {
    let library = try await build.library
    for (warmUp, total) in [(0, 1000), (5, 6000), (100, 1 << 30)] as [(UInt32, UInt32)] {
      let settings = arguments(warmUp: Int32(warmUp), steps: Int32(warmUp + total))
      var last = Float.infinity
      for part in 0...200 as ClosedRange<UInt32> {
        let n = UInt32(UInt64(total) * UInt64(part) / 200)
        let found = try scheduled("cosine", settings, rate: 0.3, step: warmUp + n, in: library)
        #expect(found == 0.3 * cosineFactor(n, of: total))
        let exact = 0.3 * (1 + Foundation.cos(Double.pi * Double(n) / Double(total))) / 2
        #expect(abs(Double(found) - exact) < 2e-7)
        #expect(found <= last && found >= 0)
        last = found
      }
      #expect(try scheduled("cosine", settings, rate: 0.3, step: warmUp, in: library) == 0.3)
      for step in [warmUp + total, warmUp + total + 1, .max] {
        #expect(try scheduled("cosine", settings, rate: 0.3, step: step, in: library) == 0)
      }
    }
  }

  @Test("Velocity, output over the gradient, bad numbers", arguments: KernelBuild.allCases)
  func momentum(build: KernelBuild) async throws {
    let library = try await build.library
    var generator = SeededGenerator(seed: 30)
    let old = generator.floats(67) + [1, 1, .greatestFiniteMagnitude]
    let gradient = generator.floats(67, in: -9...9) + [.nan, -.infinity, .greatestFiniteMagnitude]
    let (velocity, both) = (GuardedBuffer(old), GuardedBuffer(gradient))
    try library.call(
      "tinysdk_momentum_f32", tinysdk_momentum_args(count: 70, factor: 0.9), both.pointer, velocity.pointer,
      both.pointer)
    let expected = zip(old, gradient).map { old, gradient in
      let moved = gradient.addingProduct(0.9, old)
      return moved.isFinite ? moved : 0
    }
    #expect(velocity.values == expected && both.values == expected)
    #expect(expected.suffix(3) == [0, 0, 0])
  }

  @Test("The mean empties the sum", arguments: KernelBuild.allCases)
  func mean(build: KernelBuild) async throws {
    let library = try await build.library
    var generator = SeededGenerator(seed: 31)
    let values = generator.floats(37)
    let (sum, target) = (GuardedBuffer(values), GuardedBuffer(repeating: Float(77), count: 37))
    try library.call(
      "tinysdk_take_mean_f32", tinysdk_mean_args(count: 37, factor: 1 / 3), sum.pointer, target.pointer)
    #expect(target.values == values.map { $0 * Float(1.0 / 3) })
    #expect(sum.values == [Float](repeating: 0, count: 37))
  }

  @Test("The norm's square adds channel by channel", arguments: KernelBuild.allCases)
  func sumOfSquares(build: KernelBuild) async throws {
    let library = try await build.library
    var generator = SeededGenerator(seed: 32)
    let gradient = generator.floats(5 * 13, in: -3...3)
    let scale = generator.floats(5, in: 0.5...900)
    for (scale, before) in [(scale, Float(0.7)), (nil, 0.7), (scale, nil), (nil, nil)] {
      var expected = before ?? 0
      for channel in 0..<5 {
        let sum = gradient[channel * 13..<channel * 13 + 13].reduce(Float(0)) { $0.addingProduct($1, $1) }
        expected.addProduct(sum, scale?[channel] ?? 1)
      }
      let operands = (
        GuardedBuffer(gradient), scale.map { GuardedBuffer($0) }, before.map { GuardedBuffer([$0]) }
      )
      let target = operands.2 ?? GuardedBuffer([Float(77)])
      try withExtendedLifetime(operands) {
        try library.call(
          "tinysdk_sum_squares_f32", tinysdk_update_args(out_count: 5, inner: 13), operands.0.pointer,
          operands.1?.pointer, operands.2?.pointer, target.pointer)
      }
      #expect(target.values == [expected])
    }
  }

  @Test("A norm above the limit is brought to it", arguments: KernelBuild.allCases)
  func clipFactor(build: KernelBuild) async throws {
    let library = try await build.library
    let squares: [Float] = [0, 3.99, 4, 9, 1e30, .infinity, .nan]
    let expected: [Float] = [1, 1, 1, 2 / 3, 2 / Float(1e30).squareRoot(), 0, 1]
    for (square, factor) in zip(squares, expected) {
      let (source, target) = (GuardedBuffer([square]), GuardedBuffer([Float(77)]))
      try withExtendedLifetime(source) {
        try library.call(
          "tinysdk_clip_factor_f32", tinysdk_clip_args(limit: 2), source.pointer, target.pointer)
      }
      #expect(target.values == [factor])
    }
  }

  @Test("Values stay within their channel's limits", arguments: KernelBuild.allCases)
  func clipValue(build: KernelBuild) async throws {
    let library = try await build.library
    let both = GuardedBuffer([-3, 0.5, 2, .infinity, -.infinity, -0.25, 0.25, .nan] as [Float])
    let limits = GuardedBuffer([1, 0.25] as [Float])
    try withExtendedLifetime(limits) {
      try library.call(
        "tinysdk_clip_value_f32", tinysdk_update_args(out_count: 2, inner: 4), both.pointer, limits.pointer,
        both.pointer)
    }
    #expect(both.values.dropLast() == [-1, 0.5, 1, 1, -0.25, -0.25, 0.25])
    #expect(both.values[7].isNaN)
  }
}
