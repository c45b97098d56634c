import Foundation
import KernelBridge

/// The root of the package under test.
let packageRoot = URL(fileURLWithPath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

/// Where the tests keep compiled kernels.
let kernelCache = packageRoot.appendingPathComponent(".build/kernels")

/// The ways in which every kernel test runs: as the host twin compiles the kernels, and once more with a
/// trap at any undefined behaviour.
enum KernelBuild: CaseIterable, Sendable {
  case optimized
  case trapping

  /// The portable kernels and the host-only exact ones.
  var library: KernelLibrary {
    get async throws {
      switch self {
      case .optimized: try await optimizedKernels.value
      case .trapping: try await trappingKernels.value
      }
    }
  }
}

private let optimizedKernels = Task { try await kernels(HostCompiler()) }
private let trappingKernels = Task { try await kernels(HostCompiler(trapsUndefinedBehavior: true)) }

private func kernels(_ compiler: HostCompiler) async throws -> KernelLibrary {
  let folder = packageRoot.appendingPathComponent("Sources/Kernels")
  let sources = try KernelSources(
    folders: [folder.appendingPathComponent("Exact"), folder.appendingPathComponent("Portable")],
    contract: folder.appendingPathComponent("API/include"))
  return try await KernelLibrary.compiled(from: sources, with: compiler, cache: kernelCache)
}
