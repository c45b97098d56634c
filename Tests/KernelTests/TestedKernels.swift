import Foundation
import ImageBuild
import KernelBridge

/// The root of the package under test.
let packageRoot = URL(fileURLWithPath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

/// Where the tests keep compiled kernels.
let kernelCache = packageRoot.appendingPathComponent(".build/kernels")

/// The ways in which every kernel test runs: as the host twin compiles the kernels, once more with a trap at
/// any undefined behaviour, and with every other backend's kernels where they support the arguments.
enum KernelBuild: CaseIterable, Sendable {
  case optimized
  case trapping
  case host, dsp, helium

  /// The portable kernels and the host-only exact ones, and what takes their place.
  var library: ChosenKernels {
    get async throws {
      switch self {
      case .optimized: try await optimizedKernels.value
      case .trapping: try await trappingKernels.value
      case .host: try await hostKernels.value
      case .dsp: try await dspKernels.value
      case .helium: try await heliumKernels.value
      }
    }
  }
}

private let optimizedKernels = Task { try await kernels(HostCompiler()) }
private let trappingKernels = Task { try await kernels(HostCompiler(trapsUndefinedBehavior: true)) }

private let hostKernels = Task { try await kernels(HostCompiler(), backend: "Host") }
private let dspKernels = Task {
  try await kernels(HostCompiler(trapsUndefinedBehavior: true), backend: "DSP")
}
private let heliumKernels = Task {
  try await kernels(HostCompiler(trapsUndefinedBehavior: true), backend: "Helium")
}

/// Where the kernels lie.
let kernelFolder = packageRoot.appendingPathComponent("Sources/Kernels")

private func kernels(_ compiler: HostCompiler, backend: String? = nil) async throws -> ChosenKernels {
  let folders = [backend, "Exact", "Portable"].compactMap { $0 }
  let sources = try KernelSources(
    folders: folders.map { kernelFolder.appendingPathComponent($0) },
    contract: kernelFolder.appendingPathComponent("API/include"))
  var variants: [String: [String]] = [:]
  if let backend {
    let manifest = try KernelBackend(folder: kernelFolder.appendingPathComponent(backend).path)
    for entry in manifest.kernels where entry.layout == nil {
      variants[entry.implements, default: []].append(entry.symbol)
    }
  }
  return ChosenKernels(
    library: try await KernelLibrary.compiled(from: sources, with: compiler, cache: kernelCache),
    variants: variants)
}
