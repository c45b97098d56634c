import Compiler
import KernelBridge

extension KernelLibrary {
  /// Answers the planner's questions by asking the kernels themselves.
  public func answers(to queries: [ScratchQuery]) throws -> KernelCatalog {
    var catalog = KernelCatalog()
    for query in queries {
      catalog.scratchBytes[query] = try scratchBytes(query.symbol, arguments: query.arguments)
    }
    return catalog
  }
}
