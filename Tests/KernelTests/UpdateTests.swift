import KernelAPI
import KernelBridge
import Testing

@Suite("update_s8, update_s32, update_f32")
struct UpdateTests {
  private func updateS8(
    _ weights: [Int8], _ residual: [Int8]?, gradient: [Float], scale: [Float], rate: Float,
    in library: ChosenKernels
  ) throws -> (weights: [Int8], residual: [Int8]?) {
    let arguments = tinysdk_update_args(
      out_count: Int32(scale.count), inner: Int32(weights.count / scale.count))
    let operands = (GuardedBuffer(gradient), GuardedBuffer(scale), GuardedBuffer([rate]))
    let (target, rest) = (GuardedBuffer(weights), residual.map { GuardedBuffer($0) })
    try withExtendedLifetime(operands) {
      try library.call(
        "tinysdk_update_s8", arguments, operands.0.pointer, operands.1.pointer, operands.2.pointer,
        target.pointer,
        rest?.pointer)
    }
    return (target.values, rest?.values)
  }

  @Test("Random weights, residuals and steps follow the definition", arguments: KernelBuild.allCases)
  func definition(build: KernelBuild) async throws {
    let library = try await build.library
    var generator = SeededGenerator(seed: 20)
    let weights = generator.bytes(600, in: -127...127)
    let residual = generator.bytes(600)
    var gradient = generator.floats(600, in: -300...300)
    gradient.replaceSubrange(0..<6, with: [.nan, .infinity, -.infinity, 1e30, -1e30, 0])
    let scale: [Float] = [1, 0.25, 4]
    for rest in [residual, nil] {
      let found = try updateS8(weights, rest, gradient: gradient, scale: scale, rate: 0.125, in: library)
      for index in weights.indices {
        let expected = updatedWeight(
          weights[index], rest?[index], step: 0.125 * scale[index / 200], gradient: gradient[index])
        #expect(found.weights[index] == expected.weight && found.residual?[index] == expected.residual)
      }
    }
  }

  @Test("Weights stop at +-127 and come back", arguments: KernelBuild.allCases)
  func saturation(build: KernelBuild) async throws {
    let library = try await build.library
    let up = try updateS8([126, -126], [127, -127], gradient: [-9, 9], scale: [1], rate: 1, in: library)
    #expect(up.weights == [127, -127] && up.residual == [0, 0])
    let back = try updateS8(up.weights, up.residual, gradient: [0.5, -0.5], scale: [1], rate: 1, in: library)
    // 127 * 256 - 128 is a tie, which goes up.
    #expect(back.weights == [127, -126] && back.residual == [-128, -128])
    #expect(
      try updateS8([127, -128], nil, gradient: [-1, 0], scale: [1], rate: 1, in: library).weights == [
        127, -127,
      ])
  }

  @Test("A million updates have no mean error, with and without residual", arguments: KernelBuild.allCases)
  func unbiased(build: KernelBuild) async throws {
    let library = try await build.library
    var generator = SeededGenerator(seed: 21)
    let count = 1_000_000
    let weights = generator.bytes(count, in: -100...100)
    let gradient = generator.floats(count, in: -8...8)
    for residual in [nil, [Int8](repeating: 0, count: count)] {
      let found = try updateS8(weights, residual, gradient: gradient, scale: [1], rate: 1, in: library)
      var sum = 0.0
      for index in 0..<count {
        let value = Double(found.weights[index]) + Double(found.residual?[index] ?? 0) / 256
        sum += value - (Double(weights[index]) - Double(gradient[index]))
      }
      // The standard deviation of one error is 0.29 units of the last place.
      let unit = residual == nil ? 1.0 : 1.0 / 256
      #expect(abs(sum / Double(count)) < 4 * 0.29 * unit / 1000)
    }
  }

  @Test(
    "With a residual, steps far below one add up; half steps go to the even weight without",
    arguments: KernelBuild.allCases)
  func smallSteps(build: KernelBuild) async throws {
    let library = try await build.library
    var state: (weights: [Int8], residual: [Int8]?) = ([10], [0])
    for _ in 0..<512 {
      state = try updateS8(
        state.weights, state.residual, gradient: [1], scale: [1], rate: 1 / 256, in: library)
    }
    #expect(state.weights == [8] && state.residual == [0])
    let ties = try updateS8(
      [10, 10, 10, 10], nil, gradient: [0.5, 1.5, -0.5, -1.5], scale: [1], rate: 1, in: library)
    #expect(ties.weights == [10, 8, 10, 12])
  }

  @Test("Integer values saturate at 32 bits", arguments: KernelBuild.allCases)
  func integers(build: KernelBuild) async throws {
    let library = try await build.library
    let values: [Int32] = [Int32.max, Int32.min, 0, 5, 7, -3, 100]
    let gradient: [Float] = [-1, 1, 3e9, 2.5, 3.5, .nan, 16_777_218]
    let operands = (
      GuardedBuffer(gradient), GuardedBuffer([Float](repeating: 1, count: 7)), GuardedBuffer([Float(1)])
    )
    let target = GuardedBuffer(values)
    try withExtendedLifetime(operands) {
      try library.call(
        "tinysdk_update_s32", tinysdk_update_args(out_count: 7, inner: 1), operands.0.pointer,
        operands.1.pointer,
        operands.2.pointer, target.pointer)
    }
    #expect(target.values == [Int32.max, Int32.min, -2_147_483_647, 3, 3, -3, 100 - 16_777_218])
  }

  @Test("Float values take one fused step", arguments: KernelBuild.allCases)
  func floats(build: KernelBuild) async throws {
    let library = try await build.library
    var generator = SeededGenerator(seed: 22)
    let values = generator.floats(37)
    let gradient = generator.floats(37)
    let operands = (GuardedBuffer(gradient), GuardedBuffer([Float(0.3)]))
    let target = GuardedBuffer(values)
    try withExtendedLifetime(operands) {
      try library.call(
        "tinysdk_update_f32", tinysdk_update_args(out_count: 37, inner: 1), operands.0.pointer,
        operands.1.pointer,
        target.pointer)
    }
    #expect(target.values == zip(values, gradient).map { $0.addingProduct(-0.3, $1) })
  }
}
