import ArgumentParser
import Compiler

package struct FreezeCommand: AsyncParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "freeze",
    abstract: "Freeze one tensor at a time, from the full update on, until accuracy dips to a threshold.",
    discussion: """
      Always freezes the tensor that costs the least accuracy, and reports the curve of accuracy against memory. Every
      fifth training sample tests; the held-out samples stay unseen. Then trains the start and the end of the curve for
      longer, on all training samples; where the end does not hold, also points between, to find the last that does.

      Trials are kept in build/search/trials: what was stopped goes on where it was. Writes freeze.csv into build/search, and the scheme into tinysdk.yml.
      """)

  @OptionGroup package var global: GlobalOptions
  @OptionGroup package var build: BuildOptions
  @OptionGroup package var trial: TrialOptions

  @Option(help: ArgumentHelp("Points of accuracy that may be lost.", valueName: "points"))
  package var maxDrop = 1.0

  @Option(help: ArgumentHelp("Start from the last so many layers instead of all.", valueName: "count"))
  package var depth: Int?

  @Option(
    help: ArgumentHelp(
      "Epochs of the trainings that decide in the end; 0 leaves it to the short ones.", valueName: "epochs"))
  package var verifyEpochs = 5

  @Flag(help: "Leave the project file as it is.")
  package var dryRun = false

  package init() {}

  package func validate() throws {
    if !(maxDrop.isFinite && (0...100).contains(maxDrop)) {
      throw ValidationError("--max-drop: \(maxDrop) is not a number of points between 0 and 100")
    }
    if verifyEpochs < 0 { throw ValidationError("--verify-epochs: \(verifyEpochs) is not 0 or more") }
    if let depth, depth < 1 { throw ValidationError("--depth: \(depth) is not 1 or more") }
  }

  package mutating func run() async throws {
    let workspace = try Workspace(folder: global.project, pluginPaths: global.pluginPaths)
    var settings = build.settings
    (settings.epochs, settings.data) = (trial.epochs, trial.data)
    let bench = try await SchemeWorkbench(workspace, settings, trial.request, console: global.console)
    let count = bench.layers.count
    let full = UpdateScheme.last(depth ?? count, of: count).withoutAbsentBiases(of: bench.layers)
    let report = try await freeze(
      bench, from: full, largestDrop: maxDrop / 100, verificationEpochs: verifyEpochs, jobs: trial.workers,
      writesProject: !dryRun, settings, console: global.console)
    try global.print(report, as: report.text)
  }
}
