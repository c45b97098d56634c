import Boards
import Graph

/// Update settings that fit a board where the asked ones did not: smaller published schemes, fewer residual
/// bits, fewer biases, no velocities and sums of gradients.
///
/// - Returns: at most four, as a user would write them, those that learn most first.
public func fittingAlternatives(
  _ model: Graph, _ options: CompileOptions, for board: Board, ask: ([KernelQuery]) throws -> KernelCatalog,
  pack: (PackingQuery) throws -> [UInt8]? = { _ in nil }
) -> [String] {
  var alternatives: [String] = []
  for (text, candidate) in candidates(model, options) where alternatives.count < 4 {
    if (try? compile(model, candidate, for: board, ask: ask, pack: pack)) != nil { alternatives.append(text) }
  }
  return alternatives
}

private func candidates(_ model: Graph, _ options: CompileOptions) -> [(String, CompileOptions)] {
  guard let graph = try? runPasses(model, options, through: "head"),
    let layers = try? updatableLayers(of: graph), let asked = try? updateScheme(options, for: graph)
  else { return [] }
  var candidates: [(String, CompileOptions)] = []
  func add(_ scheme: UpdateScheme, _ residual: Residual) {
    var changed = options
    (changed.update, changed.residual) = (.scheme(scheme.withoutAbsentBiases(of: layers)), residual)
    candidates.append(("--update \(scheme.name) --residual \(residual.rawValue)", changed))
  }
  candidates += withLessReplay(options)
  if let lighter = withoutGradientState(options) { candidates.append(lighter) }
  if options.residual != .none { add(asked, .none) }
  let limit = (try? updateMemory(of: asked, in: graph).totalBytes) ?? .max
  for published in publishedSchemes.reversed() where published.layers == layers.count {
    let scheme = published.scheme.withoutAbsentBiases(of: layers)
    let size = (try? updateMemory(of: scheme, in: graph).totalBytes) ?? .max
    if size < limit { add(scheme, options.residual) }
  }
  var biases = asked.biases.min().map { layers.count - $0 } ?? 0
  while biases > 1 {
    biases /= 2
    add(.lastBiases(biases, of: layers.count), options.residual)
  }
  add(.headOnly, options.residual)
  return candidates
}

/// The same training with its kept samples in flash, and with fewer of them.
private func withLessReplay(_ options: CompileOptions) -> [(String, CompileOptions)] {
  guard var replay = options.replay, options.purpose == .training else { return [] }
  var candidates: [(String, CompileOptions)] = []
  func add(_ text: String) {
    var changed = options
    changed.replay = replay
    candidates.append((text, changed))
  }
  if replay.memory == .sram {
    replay.memory = .flash
    add("replay.memory: flash")
    replay.memory = .sram
  }
  while replay.samples > 1 {
    replay.samples /= 2
    add("replay.samples: \(replay.samples)")
  }
  return candidates
}

/// The same training without what the optimizer keeps for every element; `nil` where it keeps nothing.
private func withoutGradientState(_ options: CompileOptions) -> (String, CompileOptions)? {
  var (changed, words) = (options, [String]())
  if options.optimizer.momentum > 0 {
    changed.optimizer.momentum = 0
    words.append("--momentum 0")
  }
  if options.optimizer.accumulate > 1 {
    changed.optimizer.accumulate = 1
    words.append("--accumulate 1")
  }
  return words.isEmpty ? nil : (words.joined(separator: " "), changed)
}
