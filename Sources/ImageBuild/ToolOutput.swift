import Subprocess

#if canImport(System)
  import System
#else
  import SystemPackage
#endif

/// What a program prints for an input; at most 64 MB.
/// - Throws: `MissingTool`, or `ToolFailed` with what it complained about.
public func toolOutput(
  of tool: Tool, _ arguments: [String], input: String = "", tools: ToolLocator = ToolLocator()
) async throws -> String {
  let program = try tools.locate(tool)
  let result = try await Subprocess.run(
    .path(FilePath(program)), arguments: Arguments(arguments), platformOptions: ownProcessGroup(),
    input: .string(input), output: .string(limit: 1 << 26), error: .string(limit: 1 << 20))
  guard result.terminationStatus.isSuccess else {
    throw ToolFailed(
      command: ([program] + arguments).joined(separator: " "), status: result.terminationStatus.text,
      complaint: result.standardError)
  }
  return result.standardOutput
}

/// A program that was to answer something ended in an error.
public struct ToolFailed: Error, Equatable, CustomStringConvertible {
  public var command: String
  public var status: String
  public var complaint: String

  public var description: String { "\(command) ended with \(status): \(complaint)" }
}
