import Boards
import Compiler
import Foundation
import Graph
import ImageBuild
import Project
import Training

/// A project set up for trying schemes: its network on the host, and its board's planner.
package struct SchemeWorkbench: Sendable {
  package let workspace: Workspace
  package let board: Board
  /// The network's layers in order of execution.
  package let layers: [UpdatableLayer]
  /// On a part of the training samples, tested with the rest of them; the held-out samples stay unseen.
  package let trials: SchemeTrials
  /// On all training samples, tested with the held-out ones: for the last word.
  package let finals: SchemeTrials
  private let planner: BoardPlanner

  /// Every how many-th training sample tests the trials instead.
  package static let validationShare = 5

  /// - Throws: what importing, compiling and reading data throw.
  package init(
    _ workspace: Workspace, _ settings: BuildSettings, _ trial: TrialRequest, console: Console
  ) async throws {
    self.workspace = workspace
    let boards = workspace.surroundings.boards
    let (board, host) = (
      try boards.board(named: settings.board ?? workspace.project.board), try boards.board(named: "host")
    )
    let model = try importModel(path: workspace.path(workspace.project.model)).graph
    let options = try compileOptions(workspace, settings, for: model, core: board.core)
    layers = try updatableLayers(of: runPasses(model, options, through: "head"))
    self.board = board
    console.progress("asking the kernels")
    let twin = try await BoardPlanner(model, options, for: host, workspace, backends: nil)
    planner = try await BoardPlanner(model, options, for: board, workspace, backends: settings.backends)
    console.progress("reading the data")
    let data = try loadData(workspace, for: twin.plan(.headOnly), path: trial.data)
    let train = trial.samples.map(data.train.spread) ?? data.train
    let parts = train.split(every: Self.validationShare)
    let identity =
      "\(try twin.identity()) \(try data.contentHash()) \(train.count) of \(data.train.count)"
    let store = TrialStore(folder: "\(workspace.searchFolder)/trials")
    func trials(_ train: SampleSet, _ validation: SampleSet, _ kind: String) -> SchemeTrials {
      SchemeTrials(
        plan: { try twin.plan($0) }, kernels: twin.kernels.library, train: train, validation: validation,
        settings: trial.settings(workspace.project), store: store, identity: "\(identity) \(kind)")
    }
    let validated = trials(parts.others, parts.chosen, "validation every \(Self.validationShare)")
    let final = trials(train, data.heldOut, "held out")
    guard let tasks = trial.slurmTasks else {
      (self.trials, finals) = (validated, final)
      console.progress("")
      return
    }
    func slurm(areFinal: Bool) -> SchemeTrials.Elsewhere {
      var request = trial
      request.slurmTasks = nil
      let list = TrialList(
        project: absolutePath(workspace.folder), pluginPaths: workspace.pluginPaths.map(absolutePath),
        settings: settings, trial: request, areFinal: areFinal)
      let array = SlurmTrials(
        list: list, largestCount: tasks, folder: "\(workspace.searchFolder)/slurm",
        tools: workspace.surroundings.tools)
      return array.run
    }
    self.trials = validated.running(slurm(areFinal: false))
    finals = final.running(slurm(areFinal: true))
    console.progress("")
  }

  /// The plan of a scheme for the board, whether it fits or not.
  package func plan(_ scheme: UpdateScheme) throws -> Plan { try planner.plan(scheme) }

  /// - Parameter table: measured calls, from `measureCalls`.
  package func cost(_ scheme: UpdateScheme, _ table: InstructionTable) throws -> SchemeCost {
    let plan = try planner.plan(scheme)
    let watching = plan.learningBytes + plan.guardCopyBytes + plan.replayRAMBytes
    return SchemeCost(
      sramBytes: plan.arena.bytes + plan.alignedStateBytes + plan.controlBytes + watching + plan.stackBytes,
      instructions: table.estimate(plan))
  }

  /// Counts the instructions of every kernel call of one training step in the board's emulator, with as much
  /// learning as fits the board.
  /// - Returns: an empty table for a board without an emulator.
  /// - Throws: what building the image and the link throw.
  package func measureCalls(depth: Int, _ settings: BuildSettings, console: Console) async throws
    -> InstructionTable
  {
    guard case .emulator = board.run else { return InstructionTable() }
    var settings = settings
    for count in [depth, depth / 2, depth / 4, 1, 0] {
      var scheme = UpdateScheme.lastBiases(depth, of: layers.count)
      scheme.weights = UpdateScheme.last(count, of: layers.count).weights.filter {
        scheme.biases.contains($0.key)
      }
      settings.scheme = scheme
      do {
        let costs = try await operatorCosts(workspace, settings, console: console)
        return InstructionTable(costs.plan, instructions: costs.instructions)
      } catch is DoesNotFit {
        continue
      }
    }
    return InstructionTable()
  }
}

/// Plans schemes of one network with one board's kernels, without a limit of memory.
private struct BoardPlanner: Sendable {
  let kernels: KernelAnswers
  private let model: Graph
  private let options: CompileOptions
  private let board: Board

  init(
    _ model: Graph, _ options: CompileOptions, for board: Board, _ workspace: Workspace, backends: [String]?
  ) async throws {
    self.model = model
    self.board = board
    var options = options
    options.stackBytes = options.stackBytes ?? board.stackBytes
    if board.isHost {
      // A trial is watched from outside.
      (options.evaluation, options.learningGuard, options.replay) = (nil, nil, nil)
    }
    self.options = options
    let root = workspace.surroundings.root
    let backends = try kernelBackends(
      for: board, asked: backends, exact: options.rounding == .exact && board.isHost, root: root)
    kernels = try await KernelAnswers(
      backends: backends, root: root, cache: workspace.surroundings.cacheFolder)
  }

  func plan(_ scheme: UpdateScheme) throws -> Plan {
    var options = options
    options.update = .scheme(scheme)
    var plan = try compile(model, options, ask: kernels.answer, pack: kernels.pack)
    plan.replayPages = try plan.replayPages(on: board)
    return plan
  }

  /// Names the network and the options that decide what it learns.
  func identity() throws -> String {
    var options = options
    options.update = .named("head")
    options.stackBytes = nil
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let text = try model.text() + String(decoding: encoder.encode(options), as: UTF8.self)
    return Digest.sha256(Array(text.utf8))
  }
}
