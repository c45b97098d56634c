import ArgumentParser

package struct VerifyCommand: AsyncParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Train the same steps on several boards and compare every bit of what was learned.",
    discussion: """
      Compares the SHA-256 of the whole trainable state in its canonical layout. Ends with exit code 1 where one differs,
      and names the first tensor that does.
      """)

  @OptionGroup package var global: GlobalOptions
  @OptionGroup package var build: BuildOptions

  @Option(
    help: ArgumentHelp("The boards; the host and all emulated ones where none is named.", valueName: "a,b,…"))
  package var boards: String?

  @Option(help: "Training steps.")
  package var steps = 50

  @Option(help: ArgumentHelp("Samples to train on, instead of the project's.", valueName: "path"))
  package var data: String?

  @Option(help: "Decides the order of the samples.")
  package var seed: UInt64?

  package init() {}

  package func validate() throws {
    if steps < 1 { throw ValidationError("--steps: \(steps) is not 1 or more") }
    if build.board != nil { throw ValidationError("name the boards with --boards A,B") }
  }

  package mutating func run() async throws {
    let workspace = try Workspace(folder: global.project, pluginPaths: global.pluginPaths)
    let names =
      try boards.map { $0.split(separator: ",").map(String.init) }
      ?? verifiableBoards(workspace.surroundings.boards)
    var settings = build.settings
    settings.data = data
    var optimizer = settings.optimizer(workspace.project)
    if let seed { optimizer.seed = seed }
    let result = try await verify(
      workspace, settings, boards: names, steps: steps, optimizer: optimizer, data: data,
      console: global.console)
    try global.print(result, as: result.text)
    if !result.isEqual { throw ExitCode(CommandExit.failure.rawValue) }
  }
}
