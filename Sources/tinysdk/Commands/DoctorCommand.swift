import ArgumentParser
import ImageBuild

package struct DoctorCommand: AsyncParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Say what is installed, what is missing, and the one command that installs it.")

  @OptionGroup package var global: GlobalOptions

  package init() {}

  package mutating func run() async throws {
    let report = DoctorReport(tools: installedTools(ToolLocator()), root: try? SDKRoot.locate().path)
    try global.print(report, as: report.text)
    if !report.isComplete { throw ExitCode(CommandExit.missingTool.rawValue) }
  }
}

/// What the SDK found of what it works with.
package struct DoctorReport: Equatable, Codable, Sendable {
  package var tools: [InstalledTool]
  /// The folder of boards, kernels and toolchains; `nil` where there is none.
  package var root: String?
  /// Installs everything that is missing; `nil` where nothing is.
  package var install: String?

  package init(tools: [InstalledTool], root: String?) {
    self.tools = tools
    self.root = root
    install = installCommand(tools)
  }

  package var isComplete: Bool { install == nil && root != nil }

  package var text: String {
    let rows = tools.map { tool in
      let state = tool.path != nil ? "ok" : tool.isOptional ? "optional" : "missing"
      // What is optional is not in the one command, so its package stands where its path would.
      let place = tool.path ?? (tool.isOptional ? "package \(tool.packages.joined(separator: ", "))" : "")
      return [state, tool.name, place, tool.purpose]
    }
    var lines = [textTable(["", "tool", "where", "for"], rows), ""]
    lines.append(
      root.map { "SDK files: \($0)" }
        ?? "SDK files: not found; set TINYSDK_ROOT to the folder that holds BSP, Kernels and Toolchains")
    if let install { lines += ["Install what is missing with", "  \(install)"] }
    return lines.joined(separator: "\n")
  }
}
