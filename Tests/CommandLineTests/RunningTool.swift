import Foundation
import Testing

/// What a run of the built tool gave.
struct ToolResult {
  var status: Int32
  var output: String
  var errors: String

  /// The output as a JSON object.
  func json() throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any])
  }
}

/// The folder of the built products: where the running test bundle lies.
let productsFolder = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
  .deletingLastPathComponent()

/// Starts the built tool.
func startTool(
  _ arguments: [String], environment changes: [String: String] = [:], output: Pipe, errors: Pipe
) throws -> Process {
  let process = Process()
  process.executableURL = productsFolder.appending(path: "tinysdk")
  process.arguments = arguments
  process.environment = ProcessInfo.processInfo.environment.merging(changes) { $1 }
  process.standardOutput = output
  process.standardError = errors
  process.standardInput = FileHandle.nullDevice
  try process.run()
  return process
}

/// Runs the built tool to its end. What it writes is short enough for the pipes.
func runTool(_ arguments: String..., environment: [String: String] = [:]) throws -> ToolResult {
  try runTool(arguments, environment: environment)
}

/// The same with arguments in a list.
func runTool(_ arguments: [String], environment: [String: String] = [:]) throws -> ToolResult {
  let (output, errors) = (Pipe(), Pipe())
  let process = try startTool(arguments, environment: environment, output: output, errors: errors)
  let text = output.fileHandleForReading.readDataToEndOfFile()
  let complaint = errors.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  return ToolResult(
    status: process.terminationStatus, output: String(decoding: text, as: UTF8.self),
    errors: String(decoding: complaint, as: UTF8.self))
}

/// Hands a new folder to `body` and removes it afterwards.
func withTemporaryFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory.appending(path: "tinysdk-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder.path)
}

/// Makes the digits project in a new folder and hands it to `body`.
func withDigitsProject<Result>(
  board: String = "qemu-cortex-m7", _ body: (String) throws -> Result
) throws -> Result {
  try withTemporaryFolder { folder in
    let made = try runTool("new-project", "digits", "--board", board, "--project", folder)
    try #require(made.status == 0, Comment(rawValue: made.errors))
    return try body("\(folder)/digits")
  }
}

func write(_ text: String, to path: String) throws {
  let file = URL(fileURLWithPath: path)
  try FileManager.default.createDirectory(
    at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
  try Data(text.utf8).write(to: file)
}

func read(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

/// Whether all of these programs are in PATH.
func installed(_ programs: String...) -> Bool {
  let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
  return programs.allSatisfy { program in
    folders.contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(program)") }
  }
}
