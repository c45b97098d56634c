import ArgumentParser
import ImageBuild

package struct RunCommand: AsyncParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Build the image, start it in the board's emulator and show its console.",
    discussion:
      "Ends with the image's own exit code. A board without an emulator: says how to flash the image.")

  @OptionGroup package var global: GlobalOptions
  @OptionGroup package var options: BuildOptions

  @Option(help: ArgumentHelp("End the emulator after this time.", valueName: "seconds"))
  package var timeout: Int?

  package init() {}

  package func validate() throws {
    if let timeout, timeout < 1 { throw ValidationError("--timeout: \(timeout) is not 1 or more") }
  }

  package mutating func run() async throws {
    let workspace = try Workspace(folder: global.project, pluginPaths: global.pluginPaths)
    let console = global.console
    let built = try await buildProject(workspace, options.settings, console: console)
    guard case .emulator = built.board.run else {
      console.print(NotEmulated(board: built.board, image: built.image.path).description)
      return
    }
    try await emulate(built, tools: workspace.surroundings.tools, console)
  }

  private func emulate(_ built: BuiltProject, tools: ToolLocator, _ console: Console) async throws {
    let plan = try EmulatorPlan(board: built.board, image: built.image.path)
    console.detail(plan.commandLine.joined(separator: " "))
    let exit = try await runEmulator(plan, limit: timeout.map { .seconds($0) }, tools: tools) { line in
      console.print(line)
    }
    switch exit {
    case .exited(let code): throw ExitCode(code)
    case .signaled(let signal): throw DeviceFailure(board: built.board.name, signal: signal)
    }
  }
}
