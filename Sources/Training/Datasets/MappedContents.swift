import Foundation

/// The bytes of a file, mapped where the system can, so that a large data set is read as it is used.
/// - Throws: `DatasetError` naming the path.
func mappedContents(of path: String) throws -> Data {
  do {
    return try Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe)
  } catch {
    let exists = FileManager.default.fileExists(atPath: path)
    throw DatasetError(
      path, exists ? "cannot be read" : "there is no such file",
      advice: exists ? "Check the permissions: ls -l \(path)" : "Check the path given as --data.")
  }
}
