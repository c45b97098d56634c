import Boards
import Compiler
import Graph
import ImageBuild
import Importers
import Project

/// A project compiled for a board, before any C is compiled.
package struct PlannedProject: Sendable {
  package var model: ImportedModel
  package var board: Board
  /// The preferred first.
  package var backends: [KernelBackend]
  package var plan: Plan
}

/// Imports the project's model and compiles it for a board: everything but the cross toolchain's work.
/// - Throws: `ImportError`, `UnknownBoard`, `NoWritableFlash`, `ConfigurationError`, `KernelBridgeError`, what the compiler
///   refuses, and
///   `DoesNotFit` with the update schemes that would fit.
package func planProject(
  _ workspace: Workspace, _ settings: BuildSettings = .init(), console: Console = Console(level: .quiet)
) async throws -> PlannedProject {
  let board = try workspace.surroundings.boards.board(named: settings.board ?? workspace.project.board)
  let model = try importModel(path: workspace.path(workspace.project.model))
  let options = try compileOptions(workspace, settings, for: model.graph, core: board.core)
  let root = workspace.surroundings.root
  let backends = try kernelBackends(
    for: board, asked: settings.backends, exact: options.rounding == .exact && board.isHost, root: root)
  console.progress("asking the kernels")
  let kernels = try await KernelAnswers(
    backends: backends, root: root, cache: workspace.surroundings.cacheFolder)
  console.progress("planning \(workspace.project.name) for \(board.name)")
  defer { console.progress("") }
  do {
    let plan = try compile(model.graph, options, for: board, ask: kernels.answer, pack: kernels.pack)
    return PlannedProject(model: model, board: board, backends: backends, plan: plan)
  } catch var error as NoWritableFlash {
    let catalog = workspace.surroundings.boards
    error.boards = catalog.names.filter { (try? catalog.board(named: $0))?.flashController != nil }
    throw error
  } catch var error as DoesNotFit {
    error.alternatives = fittingAlternatives(
      model.graph, options, for: board, ask: kernels.answer, pack: kernels.pack)
    throw error
  }
}

/// The project's and the command line's settings as the compiler takes them.
/// - Parameter core: says what kernel choice saves where neither of them does.
/// - Throws: `CompilerError`, `UnknownLayers`; `UnknownScheduleLength` and what reading the data throws, where
///   the length of the learning-rate schedule hangs on it.
package func compileOptions(
  _ workspace: Workspace, _ settings: BuildSettings, for model: Graph, core: Core? = nil
) throws -> CompileOptions {
  let project = workspace.project
  let classes = project.head == .new ? project.classes?.count : nil
  var options = CompileOptions(
    classes: classes, residual: settings.residual ?? project.residual,
    gradients: settings.gradients ?? project.gradients,
    rounding: settings.rounding ?? project.rounding, loss: project.loss, keepInput: project.keepInput,
    stackBytes: project.stackBytes, profile: settings.profile,
    optimize: settings.optimize ?? project.optimize ?? core?.optimize ?? .instructions,
    evaluation: project.evaluation,
    learningGuard: project.learningGuard, replay: project.replay)
  let graph = try runPasses(model, options, through: "head")
  if let output = graph.outputs.first, let asked = project.classes?.count {
    let own = try graph.tensor(output).shape.dropFirst().reduce(1, *)
    guard own == asked else { throw CompilerError.classCount(model: own, asked: asked) }
  }
  let update = settings.update.map(UpdateSetting.named) ?? project.update
  options.update =
    try settings.scheme.map(CompileOptions.Update.scheme)
    ?? update.resolved(layers: updatableLayers(of: graph))
  options.optimizer = try settings.optimizer(project)
    .resolved(scaling: settings.scaling ?? project.scaling, network: graph) {
      try trainingSamples(workspace, model: model, path: settings.data)
    }
  return options
}
