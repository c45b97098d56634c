import FoundationEssentials

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Makes a folder and everything above it.
/// - Throws: `OutputError`
func makeFolder(_ path: String) throws(OutputError) {
  do {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  } catch {
    throw OutputError(path: path, reason: reason(error))
  }
}

/// Writes a file as a whole or not at all, with its folder.
/// - Throws: `OutputError`
func writeAtomically(_ data: Data, to path: String) throws(OutputError) {
  try makeFolder(path.deletingLastComponent)
  do {
    try data.write(to: URL(filePath: path), options: .atomic)
  } catch {
    throw OutputError(path: path, reason: reason(error))
  }
}

/// Moves a finished file to its place, over what is there.
/// - Throws: `OutputError`
func moveIntoPlace(_ from: String, _ to: String) throws(OutputError) {
  try makeFolder(to.deletingLastComponent)
  guard rename(from, to) == 0 else {
    throw OutputError(path: to, reason: String(cString: strerror(errno)))
  }
}

private func reason(_ error: any Error) -> String {
  if let error = error as? CocoaError, let code = (error.underlying as? POSIXError)?.code {
    return String(cString: strerror(code.rawValue))
  }
  return "\(error)"
}
