import Boards
import Foundation
import ImageBuild

/// The SDK's own folders, found from the test program.
let sdk: SDKRoot? = try? SDKRoot.locate(environment: [:])

func shippedBoard(_ name: String) throws -> Board {
  try BoardCatalog(sources: [BoardSource(kind: .builtIn, root: SDKRoot.locate(environment: [:]).boards)])
    .board(named: name)
}

func shippedToolchain(_ name: String) throws -> Toolchain {
  try ToolchainCatalog(folders: [SDKRoot.locate(environment: [:]).toolchains]).toolchain(named: name)
}

/// True where every program is in PATH.
func installed(_ programs: String...) -> Bool {
  programs.allSatisfy { (try? ToolLocator().locate(Tool(program: $0, install: ""))) != nil }
}

/// A new folder, removed after `body`.
func withTemporaryFolder<Result>(_ body: (String) async throws -> Result) async throws -> Result {
  let folder = FileManager.default.temporaryDirectory.appending(path: "tinysdk-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try await body(folder.path)
}

func write(_ text: String, to path: String) throws {
  try FileManager.default.createDirectory(
    atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
  try Data(text.utf8).write(to: URL(filePath: path))
}
