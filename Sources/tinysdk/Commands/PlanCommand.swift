import ArgumentParser
import Compiler
import Graph

package struct PlanCommand: AsyncParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Compile the training step and report its memory, without a cross toolchain.",
    discussion: """
      The report shows every memory region, the arena's peak and what lies in it then. --svg draws the arena over
      the whole step. --kernels shows which kernel does each step, at what cost, and why not another.
      --dump-after prints the program as the compiler sees it behind one of its passes:
      \(passes.map(\.name).joined(separator: ", ")).
      """)

  @OptionGroup package var global: GlobalOptions
  @OptionGroup package var options: BuildOptions

  @Option(help: ArgumentHelp("Print the program's text form behind this pass.", valueName: "pass"))
  package var dumpAfter: String?

  @Option(help: ArgumentHelp("Draw the arena over the steps into this file.", valueName: "file"))
  package var svg: String?

  @Flag(help: "Show the kernel chosen for every step, and what became of the others.")
  package var kernels = false

  package init() {}

  package mutating func run() async throws {
    let workspace = try Workspace(folder: global.project, pluginPaths: global.pluginPaths)
    if let dumpAfter {
      let model = try importModel(path: workspace.path(workspace.project.model)).graph
      let options = try compileOptions(workspace, options.settings, for: model)
      global.console.print(try runPasses(model, options, through: dumpAfter).text(data: .omitted))
      return
    }
    let planned = try await planProject(workspace, options.settings, console: global.console)
    if let svg {
      try writeIfChanged(memoryTimeline(planned.plan, title: workspace.project.name), to: svg)
      global.console.note("wrote \(svg)")
    }
    if kernels {
      let report = KernelReport(planned.plan, project: workspace.project.name, board: planned.board.name)
      return try global.print(report, as: report.text)
    }
    let report = PlanReport(planned, project: workspace.project.name)
    try global.print(report, as: report.text)
  }
}
