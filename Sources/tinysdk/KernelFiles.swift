import Boards
import Foundation
import ImageBuild

/// The kernel folders for a board, the preferred first.
/// - Parameter exact: float64 rounding is asked for, which has kernels of its own.
/// - Throws: `UnknownBackends`
package func kernelFolders(for board: Board, exact: Bool, root: SDKRoot) throws -> [String] {
  let backends = board.core.backends + (exact ? ["Exact"] : [])
  let unknown = backends.filter { root.kernelSources(backend: $0).isEmpty }
  guard unknown.isEmpty else {
    throw UnknownBackends(board: board.name, names: unknown, folder: root.kernels)
  }
  return backends.map { "\(root.kernels)/\($0)" }
}

/// The C files of kernel folders; where two folders have a file of one name, the first folder's counts.
package func kernelFiles(in folders: [String]) -> [String] {
  var seen: Set<String> = []
  return folders.flatMap { folder in
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
      .filter { $0.hasSuffix(".c") && seen.insert($0).inserted }.map { "\(folder)/\($0)" }
  }
}

/// A board asks for kernel backends that the SDK has not.
package struct UnknownBackends: Error, Equatable, CustomStringConvertible {
  package var board: String
  package var names: [String]
  package var folder: String

  package var description: String {
    "board '\(board)' asks for kernel backends that are not there: \(names.joined(separator: ", ")); "
      + "they would be folders of C files in \(folder)"
  }
}
