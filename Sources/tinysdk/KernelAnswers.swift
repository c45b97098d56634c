import Compiler
import Foundation
import ImageBuild
import KernelBridge

/// Puts the compiler's questions to kernels that are compiled for this machine.
package struct KernelAnswers: Sendable {
  /// The compiled kernels.
  package let library: KernelLibrary
  private let backends: [KernelBackend]

  /// Compiles the kernels, or finds them compiled already.
  /// - Parameters:
  ///   - backends: the preferred first.
  ///   - compiler: what compiles them.
  /// - Throws: `KernelBridgeError`
  package init(backends: [KernelBackend], root: SDKRoot, cache: URL, compiler: HostCompiler = HostCompiler())
    async throws
  {
    self.backends = backends
    let sources = try KernelSources(
      folders: backends.map { URL(filePath: $0.folder) }, contract: URL(filePath: root.kernelHeaders))
    library = try await KernelLibrary.compiled(from: sources, with: compiler, cache: cache)
  }

  /// Every kernel that supports each of the calls.
  package func answer(_ queries: [KernelQuery]) throws -> KernelCatalog {
    var catalog = KernelCatalog()
    for query in queries {
      var (candidates, refusals): ([KernelCandidate], [KernelRefusal]) = ([], [])
      for backend in backends {
        for entry in backend.kernels where entry.implements == query.symbol {
          if let candidate = try candidate(entry, of: backend, query) {
            candidates.append(candidate)
          } else {
            refusals.append(KernelRefusal(symbol: entry.symbol, backend: backend.name))
          }
        }
      }
      catalog.candidates[query] = candidates
      if !refusals.isEmpty { catalog.refusals[query] = refusals }
    }
    return catalog
  }

  private func candidate(
    _ entry: KernelBackend.Entry, of backend: KernelBackend, _ query: KernelQuery
  ) throws -> KernelCandidate? {
    let instructions = try library.answer(entry.symbol, "instructions", arguments: query.arguments)
    if let instructions, instructions < 0 { return nil }
    return KernelCandidate(
      symbol: entry.symbol, backend: backend.name, layout: entry.layout, worksInPlace: entry.worksInPlace,
      scratchBytes: try library.scratchBytes(entry.symbol, arguments: query.arguments),
      instructions: instructions,
      cycles: try library.answer(entry.symbol, "cycles", arguments: query.arguments))
  }

  /// Weights in a backend's layout; `nil` where they cannot be put into it.
  package func pack(_ query: PackingQuery) throws -> [UInt8]? {
    let name = "tinysdk_layout_\(query.layout)"
    guard let bytes = try library.answer(name, "bytes", arguments: query.arguments), bytes >= 0 else {
      return nil
    }
    var weights = query.weights
    var packed = [UInt8](repeating: 0, count: bytes)
    let status = try weights.withUnsafeMutableBytes { weights in
      try packed.withUnsafeMutableBytes { packed in
        try library.status(
          "\(name)_pack", arguments: query.arguments, pointers: [weights.baseAddress, packed.baseAddress])
      }
    }
    return status == 0 ? packed : nil
  }
}
