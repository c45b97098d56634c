import ArgumentParser
import Compiler
import Foundation
import Training

package struct TrainCommand: AsyncParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train the network on the board: build, connect, test, learn, test again.",
    discussion: """
      Feeds the data's samples to the image in the board's emulator, or with --board host to the same C inside this
      process; both end in the same state, bit for bit. Prints the accuracy on held-out samples before and after.

      The trained state is kept in build/BOARD/trained.tinystate, that of the best epoch in best.tinystate beside it,
      and the history in history.csv and history.svg. --resume goes on from a state, also from another board's, in the
      order in which its training would have gone on.
      """)

  @OptionGroup package var global: GlobalOptions
  @OptionGroup package var build: BuildOptions
  @OptionGroup package var training: TrainingSettings

  @Option(help: "The link's transport: semihosting or uart.")
  package var transport: String?

  @Option(help: ArgumentHelp("Write the trained state to this file, too.", valueName: "file"))
  package var save: String?

  @Option(help: ArgumentHelp("Start from a saved state.", valueName: "file"))
  package var resume: String?

  @Option(help: ArgumentHelp("The folder for history.csv and history.svg.", valueName: "dir"))
  package var history: String?

  @Flag(help: "Count the instructions of the steps in the emulator (slower).")
  package var measure = false

  package init() {}

  package mutating func run() async throws {
    let workspace = try Workspace(folder: global.project, pluginPaths: global.pluginPaths)
    let console = global.console
    var settings = build.settings
    settings.transport = transport
    (settings.epochs, settings.data) = (training.epochs, training.data)
    let board = try workspace.surroundings.boards.board(named: settings.board ?? workspace.project.board)
    if measure {
      guard case .emulator = board.run else { throw NotMeasurable(board: board.name) }
    }
    let built = try await buildProject(workspace, settings, console: console)
    let job = try TrainingJob(
      built, data: loadData(workspace, for: built.plan, path: training.data),
      optimizer: training.optimizer(settings.optimizer(workspace.project)), steps: training.steps,
      seed: training.seed,
      heldOutLimit: training.heldOut, resume: resume)
    let outcome = try await job.run(transport: transport, measuring: measure, console: console)
    let report = try job.keep(
      outcome, save: save, historyFolder: history ?? built.folder, model: workspace.project.name)
    try global.print(report, as: report.text)
  }
}
