import FoundationEssentials

/// A program that a step needs is not installed.
public struct MissingTool: Error, Equatable, CustomStringConvertible {
  public var tool: Tool

  public init(tool: Tool) { self.tool = tool }

  public var description: String {
    "'\(tool.program)' is not in PATH; it comes with \(tool.install)"
  }
}

/// Looks programs up in PATH.
public struct ToolLocator: Sendable {
  private let folders: [String]

  /// - Parameter environment: its `PATH` counts.
  public init(environment: [String: String] = ProcessInfo.processInfo.environment) {
    folders = (environment["PATH"] ?? "").split(separator: ":").map(String.init)
  }

  /// The program's full path.
  /// - Throws: `MissingTool`
  public func locate(_ tool: Tool) throws(MissingTool) -> String {
    if tool.program.contains("/"), FileManager.default.isExecutableFile(atPath: tool.program) {
      return tool.program
    }
    for folder in folders {
      let path = "\(folder)/\(tool.program)"
      var isFolder = false
      if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder,
        FileManager.default.isExecutableFile(atPath: path)
      {
        return path
      }
    }
    throw MissingTool(tool: tool)
  }
}
