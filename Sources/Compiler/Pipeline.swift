import Boards
import Graph
import Operators

/// A named step of the compiler: a graph in, a graph out.
public struct Pass: Sendable {
  public var name: String
  var run: @Sendable (Graph, CompileOptions) throws -> Graph
}

/// The compiler, front to back. What stands behind it (kernels, memory, C) works on the graph that the last
/// pass leaves.
public let passes: [Pass] = [
  Pass(name: "rounding") { setRounding($0, $1.rounding) },
  Pass(name: "fold") { graph, _ in try fold(graph) },
  Pass(name: "head") { try $1.classes.map(attachHead, $0) ?? $0 },
  Pass(name: "loss") { try $1.needsLoss ? attachLoss($0, $1.loss) : $0 },
  Pass(name: "differentiate") { try $1.seed.map(differentiate, $0) ?? $0 },
  Pass(name: "choose-updates") { try chooseUpdates($0, $1) },
  Pass(name: "prune") { graph, _ in prune(graph) },
  Pass(name: "optimizer") { try $1.purpose == .training ? applyOptimizer($0, $1.optimizer) : $0 },
  Pass(name: "fuse-updates") { graph, _ in try fuseUpdates(graph) },
  Pass(name: "quantize-gradients") { try quantizeGradients($0, $1.gradients) },
  Pass(name: "schedule") { graph, _ in try schedule(graph) },
]

/// Runs the passes over an imported model.
/// - Parameter last: the name of the pass to stop behind; `nil` runs all.
/// - Throws: `CompilerError.unknownPass`, and whatever the passes refuse.
public func runPasses(_ model: Graph, _ options: CompileOptions, through last: String? = nil) throws -> Graph
{
  if let last, !passes.contains(where: { $0.name == last }) {
    throw CompilerError.unknownPass(last, known: passes.map(\.name))
  }
  var graph = model
  for pass in passes {
    graph = try pass.run(graph, options)
    if pass.name == last { break }
  }
  try graph.validate()
  return graph
}

/// Compiles an imported model for a board. Where the kernels that `options.optimize` prefers do not fit it, the
/// plan has those of least memory, and says so.
///
/// - Parameters:
///   - board: `nil` plans without a limit.
///   - ask: puts questions to the kernel backends; the answers are all that the planner knows of them.
///   - pack: puts weights into a layout that a kernel wants; `nil` where they cannot be.
/// - Throws: what the passes refuse, `DoesNotFit` where the board's memory is too small, and `NoWritableFlash`.
public func compile(
  _ model: Graph, _ options: CompileOptions, for board: Board? = nil,
  ask: ([KernelQuery]) throws -> KernelCatalog, pack: (PackingQuery) throws -> [UInt8]? = { _ in nil }
) throws -> Plan {
  let graph = try runPasses(model, options)
  let wanted = try selectKernels(graph)
  if let board, !board.isHost,
    wanted.contains(where: { $0.node.string("rounding") == Rounding.exact.rawValue })
  {
    throw CompilerError.exactRoundingOnDevice(board: board.name)
  }
  let catalog = try ask(kernelQueries(of: wanted))
  do {
    return try plan(wanted, graph, options, board, catalog, pack)
  } catch let error as DoesNotFit where options.optimize != .memory {
    // Fast kernels may take more scratch than a small board has.
    var frugal = options
    frugal.optimize = .memory
    guard var plan = try? plan(wanted, graph, frugal, board, catalog, pack) else { throw error }
    plan.frugalKernels = FrugalKernels(insteadOf: options.optimize, error)
    return plan
  }
}

/// Chooses kernels, lays out the memory and checks that it is there.
private func plan(
  _ wanted: [Step], _ graph: Graph, _ options: CompileOptions, _ board: Board?, _ catalog: KernelCatalog,
  _ pack: (PackingQuery) throws -> [UInt8]?
) throws -> Plan {
  let (steps, packed) = try chooseKernels(wanted, graph, catalog, goal: options.optimize, pack: pack)
  let buffers = sharedBuffers(graph, steps, keepInput: options.keepInput)
  var plan = Plan(
    graph: graph, steps: steps, arena: planArena(buffers, steps: steps.count), options: options,
    stackBytes: options.stackBytes ?? board?.stackBytes ?? 0)
  plan.board = board?.name
  plan.packedWeights = packed
  try plan.checkReplay()
  if let board, !board.isHost {
    plan.replayPages = try plan.replayPages(on: board)
    plan.placement = try place(plan, on: board)
  }
  return plan
}

extension CompileOptions {
  /// Whether the program ends in a loss.
  fileprivate var needsLoss: Bool { purpose == .training || purpose == .gradients(.loss) }

  /// Where the backward half starts; `nil` for inference.
  fileprivate var seed: GradientSeed? {
    switch purpose {
    case .training: .loss
    case .gradients(let seed): seed
    case .inference: nil
    }
  }
}

extension Optional {
  /// `transform(first, wrapped)`, or `nil`.
  fileprivate func map<First, Result>(
    _ transform: (First, Wrapped) throws -> Result, _ first: First
  ) rethrows -> Result? {
    guard let self else { return nil }
    return try transform(first, self)
  }
}

/// Writes one rounding into every node that rounds.
private func setRounding(_ graph: Graph, _ rounding: Rounding?) -> Graph {
  guard let rounding else { return graph }
  var graph = graph
  let roundingOperators: Set = ["conv2d", "dense", "add", "average_pool2d", "requantize", "clamp"]
  for position in graph.nodes.indices where roundingOperators.contains(graph.nodes[position].op) {
    graph.nodes[position].attributes["rounding"] = .string(rounding.rawValue)
  }
  return graph
}

/// Resolves the scheme's name and chooses what learns; for `gradients` makes those gradients the program's
/// outputs.
private func chooseUpdates(_ graph: Graph, _ options: CompileOptions) throws -> Graph {
  if options.purpose == .inference { return graph }
  let chosen = try chooseUpdates(graph, try updateScheme(options, for: graph), residual: options.residual)
  guard case .gradients = options.purpose else { return chosen }
  return keepGradients(chosen)
}

/// The scheme that the options ask for, resolved against the network's layers: a named one without the biases
/// of layers that have none.
public func updateScheme(_ options: CompileOptions, for graph: Graph) throws -> UpdateScheme {
  switch options.update {
  case .scheme(let scheme): scheme
  case .named(let name): try namedScheme(name, of: updatableLayers(of: graph))
  }
}

private func namedScheme(_ name: String, of layers: [UpdatableLayer]) throws -> UpdateScheme {
  try UpdateScheme(named: name, layers: layers.count).withoutAbsentBiases(of: layers)
}

/// Replaces every update by its gradient as an output.
private func keepGradients(_ graph: Graph) -> Graph {
  var graph = graph
  let updates = graph.nodes.filter { $0.phase == .update }
  graph.nodes.removeAll { $0.phase == .update }
  graph.outputs += updates.map { $0.inputs[0] }
  return graph
}
