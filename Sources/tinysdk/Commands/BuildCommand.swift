import ArgumentParser

package struct BuildCommand: AsyncParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "build",
    abstract: "Build the project's image: plan, generate, compile, link, report.",
    discussion: """
      The plan is checked against the board before anything is compiled. Everything that the build makes lies in
      build/BOARD; what is up to date is not made again. For the board 'host' the image is a shared object.
      """)

  @OptionGroup package var global: GlobalOptions
  @OptionGroup package var options: BuildOptions

  package init() {}

  package mutating func run() async throws {
    let workspace = try Workspace(folder: global.project, pluginPaths: global.pluginPaths)
    let built = try await buildProject(workspace, options.settings, console: global.console)
    let report = BuildReport(built, project: workspace.project.name)
    try global.print(report, as: report.text)
  }
}
