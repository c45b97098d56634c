import Foundation
import KernelAPI
import KernelBridge
import Testing

private let arguments = tinysdk_loss_args(batch: 3, classes: 7)

@Suite("Losses and argmax")
struct LossTests {
  private let logits: [Float]
  private let target: [Float]
  private let labels: [Int32] = [6, 0, 3]

  init() {
    var generator = SeededGenerator(seed: 70)
    logits = generator.floats(21, in: -9...9)
    target = generator.floats(21, in: -9...9)
  }

  /// Mean cross-entropy in float64.
  private func crossEntropy(_ logits: [Double]) -> Double {
    (0..<3).reduce(0) { sum, b in
      let row = logits[(7 * b)..<(7 * b + 7)]
      return sum + log(row.reduce(0) { $0 + exp($1) }) - row[7 * b + Int(labels[b])]
    } / 3
  }

  @Test(
    "Cross-entropy and its gradient agree with float64 and finite differences",
    arguments: KernelBuild.allCases)
  func softmax(build: KernelBuild) async throws {
    let library = try await build.library
    let values = logits.map(Double.init)
    let expected = finiteDifferences(values, step: 1e-4) { crossEntropy($0) }
    for inPlace in [false, true] {
      let source = GuardedBuffer(logits)
      let label = GuardedBuffer(labels)
      let loss = GuardedBuffer([Float(77)])
      let gradient = inPlace ? source : GuardedBuffer(repeating: Float(77), count: 21)
      try withExtendedLifetime((source, label)) {
        try library.call(
          "tinysdk_softmax_cross_entropy_f32", arguments, source.pointer, label.pointer, loss.pointer,
          gradient.pointer)
      }
      #expect(abs(Double(loss.values[0]) - crossEntropy(values)) < 1e-6 * crossEntropy(values))
      #expect(relativeError(gradient.values, expected) < 1e-6)
    }
  }

  @Test("Cross-entropy of huge logits neither overflows nor becomes NaN", arguments: KernelBuild.allCases)
  func hugeLogits(build: KernelBuild) async throws {
    let library = try await build.library
    let (source, label) = (GuardedBuffer([Float(3e38), -3e38, 3e38]), GuardedBuffer([Int32(0)]))
    let (loss, gradient) = (GuardedBuffer([Float(77)]), GuardedBuffer(repeating: Float(77), count: 3))
    try withExtendedLifetime((source, label)) {
      try library.call(
        "tinysdk_softmax_cross_entropy_f32", tinysdk_loss_args(batch: 1, classes: 3), source.pointer,
        label.pointer, loss.pointer, gradient.pointer)
    }
    #expect(loss.values == [Float(log(2.0))] && gradient.values == [-0.5, 0, 0.5])
  }

  @Test(
    "Squared error and its gradient agree with float64 and finite differences",
    arguments: KernelBuild.allCases)
  func squaredError(build: KernelBuild) async throws {
    let library = try await build.library
    func error(_ output: [Double]) -> Double {
      zip(output, target).reduce(0) { $0 + ($1.0 - Double($1.1)) * ($1.0 - Double($1.1)) } / 21
    }
    let values = logits.map(Double.init)
    let (source, wanted) = (GuardedBuffer(logits), GuardedBuffer(target))
    let loss = GuardedBuffer([Float(77)])
    try withExtendedLifetime(source) {
      try library.call(
        "tinysdk_mean_squared_error_f32", arguments, source.pointer, wanted.pointer, loss.pointer,
        wanted.pointer)
    }
    #expect(abs(Double(loss.values[0]) - error(values)) < 1e-6 * error(values))
    #expect(relativeError(wanted.values, finiteDifferences(values) { error($0) }) < 1e-6)
  }

  @Test("argmax takes the first of equal ones", arguments: KernelBuild.allCases)
  func argmax(build: KernelBuild) async throws {
    let library = try await build.library
    let source = GuardedBuffer([Float(1), 3, 3, -1, -.infinity, -2, -1, -5])
    let index = GuardedBuffer(repeating: Int32(77), count: 2)
    try withExtendedLifetime(source) {
      try library.call(
        "tinysdk_argmax_f32", tinysdk_loss_args(batch: 2, classes: 4), source.pointer, index.pointer)
    }
    #expect(index.values == [1, 2])
  }
}
