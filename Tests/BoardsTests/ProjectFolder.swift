import Foundation

/// The package's own folder: the first above the test bundle, or above the current directory, that holds BSP.
func packageFolder() throws -> String {
  for start in [CommandLine.arguments[0], FileManager.default.currentDirectoryPath] {
    var folder = URL(fileURLWithPath: start).standardizedFileURL
    while folder.path != "/" {
      if FileManager.default.fileExists(atPath: folder.appending(path: "BSP/Boards").path) {
        return folder.path
      }
      folder.deleteLastPathComponent()
    }
  }
  throw CocoaError(.fileNoSuchFile)
}

/// Writes files into a new folder, hands it to `body`, and removes it afterwards.
func withFolder<Result>(
  _ files: [String: String], _ body: (String) throws -> Result
) throws -> Result {
  let root = FileManager.default.temporaryDirectory.appending(path: "tinysdk-\(UUID().uuidString)")
  defer { try? FileManager.default.removeItem(at: root) }
  for (path, text) in files {
    let file = root.appending(path: path)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
  }
  return try body(root.path)
}
