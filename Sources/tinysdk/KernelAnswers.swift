import Compiler
import Foundation
import ImageBuild
import KernelBridge

/// Puts the compiler's questions to kernels that are compiled for this machine.
package struct KernelAnswers: Sendable {
  private let library: KernelLibrary

  /// Compiles the kernels, or finds them compiled already.
  /// - Throws: `KernelBridgeError`
  package init(folders: [String], root: SDKRoot, cache: URL) async throws {
    let sources = try KernelSources(
      folders: folders.map { URL(filePath: $0) }, contract: URL(filePath: root.kernelHeaders))
    library = try await KernelLibrary.compiled(from: sources, cache: cache)
  }

  package func answer(_ queries: [ScratchQuery]) throws -> KernelCatalog {
    var catalog = KernelCatalog()
    for query in queries {
      catalog.scratchBytes[query] = try library.scratchBytes(query.symbol, arguments: query.arguments)
    }
    return catalog
  }
}
