import Foundation
import KernelBridge

/// The root of the package under test.
let packageRoot = URL(fileURLWithPath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

/// The kernel sources under test: the host-only exact kernels, and the portable ones.
func kernelSources() throws -> KernelSources {
  let kernels = packageRoot.appendingPathComponent("Sources/Kernels")
  return try KernelSources(
    folders: [kernels.appendingPathComponent("Exact"), kernels.appendingPathComponent("Portable")],
    contract: kernels.appendingPathComponent("API/include"))
}

/// Where the tests keep compiled kernels.
let kernelCache = packageRoot.appendingPathComponent(".build/kernels")
