import Foundation
import KernelBridge
import Testing

/// The folder of shared models and golden vectors beside the package; `nil` where it is absent.
let sharedFolder: URL? = packageFolder.flatMap { root in
  let folder = root.deletingLastPathComponent().appendingPathComponent("shared")
  return FileManager.default.fileExists(atPath: folder.appendingPathComponent("SHA256SUMS").path)
    || FileManager.default.fileExists(atPath: folder.appendingPathComponent("golden").path) ? folder : nil
}

/// The package's root: the nearest folder above the current one that holds the kernels.
let packageFolder: URL? = {
  var folder = URL(fileURLWithPath: FileManager.default.currentDirectoryPath)
  while folder.path != "/" {
    if FileManager.default.fileExists(atPath: folder.appendingPathComponent("Sources/Kernels/API").path) {
      return folder
    }
    folder.deleteLastPathComponent()
  }
  return nil
}()

/// The portable and exact kernels, compiled for this machine.
let hostKernels = Task { () throws -> KernelLibrary in
  let kernels = try #require(packageFolder).appendingPathComponent("Sources/Kernels")
  let sources = try KernelSources(
    folders: [kernels.appendingPathComponent("Portable"), kernels.appendingPathComponent("Exact")],
    contract: kernels.appendingPathComponent("API/include"))
  return try await KernelLibrary.compiled(
    from: sources, cache: FileManager.default.temporaryDirectory.appendingPathComponent("tinysdk-kernels"))
}
