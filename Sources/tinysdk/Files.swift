import Foundation

/// A file that a command cannot read or write.
package struct FileError: Error, Equatable, CustomStringConvertible {
  package var action: String
  package var path: String
  package var reason: String

  package var description: String { "cannot \(action) \(path): \(reason)" }
}

/// Writes a text as a whole or not at all, with its folder, unless the file has it already.
/// - Throws: `FileError`
package func writeIfChanged(_ text: String, to path: String) throws(FileError) {
  let data = Data(text.utf8)
  if FileManager.default.contents(atPath: path) == data { return }
  try write(data, to: path)
}

/// Writes a file as a whole or not at all, with its folder.
/// - Throws: `FileError`
package func write(_ data: Data, to path: String) throws(FileError) {
  do {
    let folder = URL(filePath: path).deletingLastPathComponent()
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try data.write(to: URL(filePath: path), options: .atomic)
  } catch {
    throw FileError(action: "write", path: path, reason: reason(error))
  }
}

/// Everything in a file.
/// - Throws: `FileError`
package func contents(of path: String) throws(FileError) -> Data {
  do {
    return try Data(contentsOf: URL(filePath: path))
  } catch {
    throw FileError(action: "read", path: path, reason: reason(error))
  }
}

/// The system's words for what happened, where there are any.
package func reason(_ error: any Error) -> String {
  let underlying = (error as? CocoaError)?.underlying ?? error
  if let error = underlying as? POSIXError { return String(cString: strerror(error.code.rawValue)) }
  return (error as NSError).localizedDescription
}
