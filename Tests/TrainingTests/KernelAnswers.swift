import Compiler
import KernelBridge

extension KernelLibrary {
  /// Answers the planner's questions by asking the kernels themselves.
  func answers(to queries: [KernelQuery]) throws -> KernelCatalog {
    var scratch: [KernelQuery: Int] = [:]
    for query in queries {
      scratch[query] = try scratchBytes(query.symbol, arguments: query.arguments)
    }
    return KernelCatalog(scratchBytes: scratch)
  }
}
