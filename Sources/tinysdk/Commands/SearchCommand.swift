import ArgumentParser
import Boards
import Training

package struct SearchCommand: AsyncParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "search",
    abstract: "Find what should learn within a memory budget, and write it into the project.",
    discussion: """
      First measures what each layer is worth (see `tinysdk analyze`), then breeds schemes of the largest summed
      contribution whose planned memory fits. Measures what biases are worth in the company of the best of them, goes on
      breeding, then trains the best few for real and takes the most accurate. Beside them it trains the best of as many schemes drawn at random, and the published schemes of this network.

      Memory is that of the board's plan: arena, trainable state and stack. Instructions are those of kernel calls
      measured in the board's emulator. Trials are kept in build/search/trials: a search that was stopped goes on where
      it was. Writes search.json and pareto.svg into build/search, and the scheme into tinysdk.yml.
      """)

  @OptionGroup package var global: GlobalOptions
  @OptionGroup package var build: BuildOptions
  @OptionGroup package var trial: TrialOptions

  @Option(
    help: ArgumentHelp("The SRAM that a training step may take, e.g. 180000 or 176KiB.", valueName: "bytes"))
  package var sram: String

  @Option(help: ArgumentHelp("The instructions that a training step may take.", valueName: "count"))
  package var instructions: Int?

  @Option(
    help: ArgumentHelp("Search among the last so many layers; else among three fifths.", valueName: "count"))
  package var depth: Int?

  @Option(help: "Schemes that live at a time.")
  package var population = 48

  @Option(help: "Generations.")
  package var generations = 24

  @Option(help: ArgumentHelp("Schemes that are trained in the end.", valueName: "count"))
  package var verify = 6

  @Option(help: ArgumentHelp("Epochs of those trainings.", valueName: "epochs"))
  package var verifyEpochs = 5

  @Option(
    help: ArgumentHelp(
      "How many times the worth of biases is measured again beside the best scheme so far.",
      valueName: "count")
  )
  package var refinements = 1

  @Option(help: "Decides the schemes that are drawn.")
  package var seed: UInt64 = 1

  @Option(help: "What a layer's worth is counted in: loss of the training steps, or accuracy.")
  package var measure = Contribution.Measure.loss

  @Flag(help: "Leave the project file as it is.")
  package var dryRun = false

  package init() {}

  package func validate() throws {
    if Quantity.bytes.parse(sram).map({ $0 > 0 }) != true {
      throw ValidationError("--sram: '\(sram)' is not \(Quantity.bytes.example)")
    }
    let counts = [
      ("--instructions", instructions ?? 1), ("--depth", depth ?? 1), ("--generations", generations),
      ("--verify", verify), ("--verify-epochs", verifyEpochs),
    ]
    for (name, value) in counts where value < 1 {
      throw ValidationError("\(name): \(value) is not 1 or more")
    }
    if refinements < 0 { throw ValidationError("--refinements: \(refinements) is not 0 or more") }
    if population < 4 { throw ValidationError("--population: \(population) is not 4 or more") }
  }

  package mutating func run() async throws {
    let workspace = try Workspace(folder: global.project, pluginPaths: global.pluginPaths)
    var settings = build.settings
    (settings.epochs, settings.data) = (trial.epochs, trial.data)
    let bench = try await SchemeWorkbench(workspace, settings, trial.request, console: global.console)
    let budget = SchemeBudget(
      sramBytes: Int(Quantity.bytes.parse(sram) ?? 0), instructions: instructions)
    let request = SearchRequest(
      budget: budget,
      settings: SearchSettings(
        population: population, generations: generations, verified: verify, seed: seed,
        measure: measure, refinements: refinements),
      depth: depth, verificationEpochs: verifyEpochs, jobs: trial.workers, writesProject: !dryRun)
    let report = try await search(bench, request, settings, console: global.console)
    try global.print(report, as: report.text)
  }
}

extension Contribution.Measure: ExpressibleByArgument {}
