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
  /// On four fifths of the training samples, tested with each fifth in turn: all of them test once, and the
  /// held-out samples stay unseen.
  package let folds: [SchemeTrials]
  /// As the first of the folds, but of all training samples where the folds take a part of them.
  package let wholeFold: SchemeTrials
  /// On all training samples, tested with the held-out ones: for the last word.
  package let finals: SchemeTrials
  /// Training samples that the folds test, each once.
  package let sampleCount: Int
  private let planner: BoardPlanner
  private let twin: BoardPlanner
  private let train: SampleSet

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
    self.twin = twin
    planner = try await BoardPlanner(model, options, for: board, workspace, backends: settings.backends)
    console.progress("reading the data")
    let data = try loadData(workspace, for: twin.plan(.headOnly), path: trial.data)
    let train = trial.samples.map(data.train.spread) ?? data.train
    sampleCount = train.count
    self.train = train.split(every: TrialSamples.foldCount, from: 0).others
    let contents = "\(try twin.identity()) \(try data.contentHash())"
    let all = SchemeTrials(
      plan: { try twin.plan($0) }, kernels: twin.kernels.library, train: train, validation: data.heldOut,
      settings: trial.settings(workspace.project),
      store: TrialStore(folder: "\(workspace.searchFolder)/trials"),
      identity: "\(contents) \(train.count) of \(data.train.count) held out")
    func elsewhere(_ samples: TrialSamples, _ trials: SchemeTrials) -> SchemeTrials {
      guard let tasks = trial.slurmTasks else { return trials }
      var request = trial
      request.slurmTasks = nil
      let list = TrialList(
        project: absolutePath(workspace.folder), pluginPaths: workspace.pluginPaths.map(absolutePath),
        settings: settings, trial: request, samples: samples)
      let array = SlurmTrials(
        list: list, largestCount: tasks, folder: "\(workspace.searchFolder)/slurm",
        tools: workspace.surroundings.tools)
      return trials.running(array.run)
    }
    finals = elsewhere(.all, all)
    func split(_ samples: TrialSamples, of train: SampleSet, from fold: Int) -> SchemeTrials {
      let parts = train.split(every: TrialSamples.foldCount, from: fold)
      let identity =
        "\(contents) \(train.count) of \(data.train.count) every \(TrialSamples.foldCount) from \(fold)"
      return elsewhere(samples, all.on(parts.others, validation: parts.chosen, identity: identity))
    }
    folds = (0..<TrialSamples.foldCount).map { split(.fold($0), of: train, from: $0) }
    wholeFold = split(.wholeFold, of: data.train, from: 0)
    console.progress("")
  }

  /// Of the one fifth that tests wherever not all of them do.
  package var trials: SchemeTrials { folds[0] }

  package func trials(on samples: TrialSamples) -> SchemeTrials {
    switch samples {
    case .fold(let fold): folds[fold]
    case .wholeFold: wholeFold
    case .all: finals
    }
  }

  /// How many last layers are looked at where nothing else is asked for: three fifths.
  package var searchedDepth: Int { max(4, layers.count * 3 / 5) }

  /// The plan of a scheme for the board, whether it fits or not.
  package func plan(_ scheme: UpdateScheme) throws -> Plan { try planner.plan(scheme) }

  /// How large gradients are behind a head that has learned for a while, on training samples in the order of
  /// the first epoch.
  /// - Parameters:
  ///   - depth: of the last so many layers.
  ///   - warmUp: samples from which the head learns first.
  ///   - count: samples behind those, whose gradients are measured.
  /// - Throws: `TooFewSamples`; what reading samples, the twin and the kernels throw.
  func gradientMagnitudes(depth: Int, warmUp: Int, count: Int) async throws -> [GradientMagnitude] {
    guard warmUp + count <= train.count else {
      throw TooFewSamples(wanted: warmUp + count, actual: train.count)
    }
    let settings = trials.settings
    let order = epochOrder(count: train.count, seed: settings.seeds.first ?? 1, epoch: 0)
    let samples = try order.prefix(warmUp + count).map(train.sample)
    let scheme = UpdateScheme.last(depth, of: layers.count)
    return try await Training.gradientMagnitudes(
      twin.plan(scheme, purpose: .gradients(.loss)), head: twin.plan(.headOnly), layers: layers,
      kernels: twin.kernels.library, warmUp: Array(samples.prefix(warmUp)),
      samples: Array(samples.dropFirst(warmUp)), rate: settings.rate)
  }

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
      var scheme = UpdateScheme.lastBiases(depth, of: layers.count).withoutAbsentBiases(of: layers)
      scheme.weights = UpdateScheme.last(min(count, depth), of: layers.count).weights
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

  func plan(_ scheme: UpdateScheme, purpose: CompileOptions.Purpose = .training) throws -> Plan {
    var options = options
    options.update = .scheme(scheme)
    options.purpose = purpose
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

/// Fewer training samples than were asked for.
package struct TooFewSamples: Error, Equatable, CustomStringConvertible {
  package var wanted: Int
  package var actual: Int

  package var description: String {
    "\(wanted) training samples were asked for, and \(actual) are there; give fewer with --gradient-samples and --head-samples"
  }
}
