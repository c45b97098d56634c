import Boards
import Compiler
import Foundation
import ImageBuild

/// The kernel backends for a board, the preferred first; the portable kernels are always among them.
/// - Parameters:
///   - asked: backends to take instead of the core's, in any spelling of upper and lower case.
///   - exact: float64 rounding is asked for, which has kernels of its own.
/// - Throws: `UnknownBackends`, `ConfigurationError`
package func kernelBackends(
  for board: Board, asked: [String]? = nil, exact: Bool = false, root: SDKRoot
) throws -> [KernelBackend] {
  let available = root.kernelBackends
  var names = asked ?? board.core.backends
  names = names.map { name in available.first { $0.lowercased() == name.lowercased() } ?? name }
  if !names.contains("Portable") { names.append("Portable") }
  if exact { names.append("Exact") }
  let unknown = names.filter { !available.contains($0) }
  guard unknown.isEmpty else {
    throw UnknownBackends(board: board.name, names: unknown, available: available, folder: root.kernels)
  }
  return try names.map { try KernelBackend(folder: "\(root.kernels)/\($0)") }
}

/// The C files of the kernels that a plan calls, sorted.
package func kernelFiles(for plan: Plan, in backends: [KernelBackend]) -> [String] {
  let used = Set(plan.steps.map(\.call.symbol) + plan.learningKernels)
  let files = backends.flatMap { backend in
    backend.kernels.filter { used.contains($0.symbol) }.map { "\(backend.folder)/\($0.file)" }
  }
  return Set(files).sorted()
}

/// Kernel backends that the SDK has not.
package struct UnknownBackends: Error, Equatable, CustomStringConvertible {
  package var board: String
  package var names: [String]
  package var available: [String]
  package var folder: String

  package var description: String {
    "there are no kernel backends \(names.joined(separator: ", ")) for board '\(board)'; "
      + "backends in \(folder): \(available.joined(separator: ", "))"
  }
}
