import Foundation
import KernelAPI
import KernelBridge
import Testing

private let wrappers = """
  #include "tinysdk_kernels.h"
  #include "tinysdk_math.h"
  void exp_f32(const tinysdk_count_args *args, const float *input, float *output);
  void exp_f32(const tinysdk_count_args *args, const float *input, float *output) {
    for (int32_t i = 0; i < args->count; i++) output[i] = tinysdk_expf(input[i]);
  }
  void log_f32(const tinysdk_count_args *args, const float *input, float *output);
  void log_f32(const tinysdk_count_args *args, const float *input, float *output) {
    for (int32_t i = 0; i < args->count; i++) output[i] = tinysdk_logf(input[i]);
  }
  """

/// The kernels' exp and log as kernels of their own.
private func mathLibrary() async throws -> KernelLibrary {
  let root = FileManager.default.temporaryDirectory.appendingPathComponent("math-\(UUID().uuidString)")
  defer { try? FileManager.default.removeItem(at: root) }
  try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
  try wrappers.write(to: root.appendingPathComponent("wrappers.c"), atomically: true, encoding: .utf8)
  let kernels = packageRoot.appendingPathComponent("Sources/Kernels")
  let sources = try KernelSources(
    folders: [root, kernels.appendingPathComponent("Portable")],
    contract: kernels.appendingPathComponent("API/include"))
  return try await KernelLibrary.compiled(
    from: sources, with: HostCompiler(trapsUndefinedBehavior: true), cache: root)
}

@Suite("exp and log of the kernels")
struct MathTests {
  private func apply(_ symbol: String, _ values: [Float], in library: KernelLibrary) throws -> [Float] {
    let (source, target) = (GuardedBuffer(values), GuardedBuffer(repeating: Float(77), count: values.count))
    try withExtendedLifetime(source) {
      try library.call(
        symbol, tinysdk_count_args(count: Int32(values.count)), source.pointer, target.pointer)
    }
    return target.values
  }

  /// The largest error in units of the last place of the exact result.
  private func worstError(_ values: [Float], _ found: [Float], _ exact: (Double) -> Double) -> Double {
    var worst = 0.0
    for (value, found) in zip(values, found) {
      let expected = exact(Double(value))
      worst = max(worst, abs(Double(found) - expected) / Double(Float(expected).ulp))
    }
    return worst
  }

  @Test("Within 1.5 units of the last place over their whole range")
  func accuracy() async throws {
    let library = try await mathLibrary()
    let exponents: [Float] = (0...200_000).map { (step: Int) -> Float in -103 + Float(step) * 0.000957 }
    let exponentials = try apply("exp_f32", exponents, in: library)
    let expError = worstError(exponents, exponentials) { exp($0) }
    #expect(expError < 1.5, "exp: \(expError)")
    let patterns = stride(from: UInt32(1), to: 0x7F80_0000, by: 10_007).map { Float(bitPattern: $0) }
    let nearOne = (-50_000...50_000).map { (step: Int) -> Float in 1 + Float(step) * 0x1p-18 }
      .filter { $0 != 1 }
    let numbers = patterns + nearOne
    let logError = worstError(numbers, try apply("log_f32", numbers, in: library)) { log($0) }
    #expect(logError < 1.5, "log: \(logError)")
  }

  @Test("Limits, zero, infinity and NaN")
  func special() async throws {
    let library = try await mathLibrary()
    let exponentials = try apply("exp_f32", [0, -.infinity, .infinity, -200, 200, .nan, -0.0], in: library)
    #expect(exponentials[0] == 1 && exponentials[1] == 0 && exponentials[2] == .infinity)
    #expect(
      exponentials[3] == 0 && exponentials[4] == .infinity && exponentials[5].isNaN && exponentials[6] == 1)
    let logarithms = try apply("log_f32", [1, 0, .infinity, -1, .nan, .leastNonzeroMagnitude], in: library)
    #expect(logarithms[0] == 0 && logarithms[1] == -.infinity && logarithms[2] == .infinity)
    #expect(logarithms[3].isNaN && logarithms[4].isNaN && abs(logarithms[5] + 103.27893) < 1e-4)
  }
}
