import Foundation
import ImageBuild
import tinysdk

/// What the emulator tests need beside Swift, as far as it is missing.
let missingTools: [String] = ["clang", "ld.lld", "qemu-system-arm"].filter { program in
  (try? ToolLocator().locate(Tool(program: program, install: ""))) == nil
}

/// An example in a folder of its own, so that what is built does not lie in the sources.
final class ExampleProject: Sendable {
  let folder: String

  init(_ name: String) throws {
    let example = try SDKRoot.locate().examples + "/\(name)"
    folder = NSTemporaryDirectory() + "tinysdk-\(name)-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for name in ["tinysdk.yml", "App", "Data", "Model"] {
      try FileManager.default.copyItem(atPath: "\(example)/\(name)", toPath: "\(folder)/\(name)")
    }
  }

  deinit {
    try? FileManager.default.removeItem(atPath: folder)
  }

  func workspace() throws -> Workspace { try Workspace(folder: folder) }
}
