import Foundation
import ImageBuild
import Testing
import tinysdk

/// Single kernels, counted in the emulator beside the peers' figures.
@Suite(
  .enabled(if: missingTools.isEmpty, "skipped: not installed: \(missingTools.joined(separator: ", "))"),
  .serialized)
struct KernelBenchmarkTests {
  private func measure(
    _ board: String, _ settings: BuildSettings = .init(), cycles: Bool = false
  ) async throws -> KernelBenchmark {
    let surroundings = try Surroundings()
    let file = try BenchmarkFile(path: surroundings.root.benchmarks)
    let folder = NSTemporaryDirectory() + "kernels-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let request = KernelBenchmarkRequest(
      shapes: file.kernels, folder: folder, settings: settings, cycles: cycles)
    let report = try await measureKernels(
      request, on: [board], surroundings, console: Console(level: .quiet))
    return try #require(report.boards.first)
  }

  /// The most that a convolution may take of CMSIS-NN's instructions; a dense layer may take 0.65 of them.
  @Test(
    .timeLimit(.minutes(10)),
    arguments: zip(["qemu-cortex-m7", "qemu-cortex-m4", "qemu-cortex-m55"], [0.55, 0.55, 0.7]))
  func noKernelTakesMoreThanItsShareOfThePeers(board: String, share: Double) async throws {
    let measured = try await measure(board, BuildSettings(optimize: .instructions))
    #expect(measured.rows.count == 26)
    let convolutions = measured.rows.filter { $0.unit == "MAC" && !$0.shape.hasPrefix("dense") }
    #expect(convolutions.count == 18)
    for row in measured.rows {
      for peer in row.peers where peer.name == "CMSIS-NN" {
        let limit = row.shape.hasPrefix("dense") ? 0.65 : share
        #expect(peer.ratio <= limit, "\(row.shape), \(row.rounding): \(row.instructions) instructions")
      }
      #expect(row.instructionsPerUnit > 0.1)
    }
  }

  /// The Cortex-M7's kernels are chosen by cycles.
  @Test(
    .timeLimit(.minutes(10)),
    .enabled(
      if: (try? ToolLocator().locate(machineCodeAnalyser)) != nil, "skipped: llvm-mca-19 is not installed"))
  func loopsOfPointwiseConvolutionsTakeFewCycles() async throws {
    let measured = try await measure("qemu-cortex-m7", cycles: true)
    let pointwise = measured.rows.filter { $0.shape.hasPrefix("1x1") }
    #expect(pointwise.count == 8)
    #expect(pointwise.allSatisfy { $0.kernel == "tinysdk_conv2d_1x1_s8_pairs_dual" })
    let loops = try #require(measured.loops).filter {
      $0.file == "conv2d_1x1_s8_pairs_dual.c.o" && $0.macs != nil
    }
    #expect(Set(loops.map(\.function)) == ["tinysdk_serve_pairs_dual", "tinysdk_multiply_pairs_dual"])
    for loop in loops {
      let cycles = try #require(loop.cyclesPerMac)
      #expect(cycles <= 0.65, "\(loop.function): \(cycles) cycles a multiply-accumulate")
    }
  }
}
