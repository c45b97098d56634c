import Foundation

/// The bytes of the file at `path`.
/// - Throws: `ImportError` where it cannot be read.
func fileContent(_ path: String) throws(ImportError) -> [UInt8] {
  let url = URL(fileURLWithPath: path)
  do {
    return [UInt8](try Data(contentsOf: url))
  } catch {
    throw ImportError(
      model: url.lastPathComponent,
      problems: [
        ImportProblem(.unreadable, "the file '\(path)' cannot be read (\(error.localizedDescription))")
      ],
      advice: ["check the path and its permissions: ls -l '\(path)'"])
  }
}
