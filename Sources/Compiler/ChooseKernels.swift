import Boards
import Graph
import Operators

/// Gives every step the cheapest kernel that can do it.
///
/// Steps that read the same weights must agree on their layout, so they choose together: the layout with the
/// smallest sum of costs, among those in which every one of them has a kernel.
///
/// - Parameter pack: puts weights into a layout; `nil` where they cannot be.
/// - Returns: the steps, and the packed bytes of the weights that left the canonical layout.
func chooseKernels(
  _ steps: [Step], _ graph: Graph, _ catalog: KernelCatalog, goal: KernelGoal,
  pack: (PackingQuery) throws -> [UInt8]?
) throws -> (steps: [Step], packed: [String: [UInt8]]) {
  var steps = steps
  for position in steps.indices {
    let query = KernelQuery(steps[position].call)
    steps[position].considered = catalog.candidates[query] ?? []
    steps[position].refused = catalog.refusals[query] ?? []
  }
  var packed: [String: [UInt8]] = [:]
  var layouts: [Int: LayoutChoice] = [:]
  for (weight, readers) in readersOfPackableWeights(steps, graph) {
    for layout in cheapestLayouts(readers.map { steps[$0].considered }, goal) {
      for reader in readers { layouts[reader, default: LayoutChoice()].chosen = layout }
      guard let layout else { break }
      guard let data = try graph.tensor(weight).data,
        let bytes = try pack(
          PackingQuery(
            layout: layout, arguments: steps[readers[0]].call.argumentBytes, weights: data))
      else {
        for reader in readers {
          layouts[reader]?.chosen = nil
          layouts[reader]?.notPackable.insert(layout)
        }
        continue
      }
      packed[weight] = bytes
      break
    }
  }
  for position in steps.indices { steps[position].choose(layouts[position], goal) }
  return (steps, packed)
}

/// How the weights of a step lie, and how they could not.
private struct LayoutChoice {
  /// `nil` is the canonical layout.
  var chosen: String?
  var notPackable: Set<String> = []
}

/// The steps that read each constant weight tensor in one piece, by tensor.
private func readersOfPackableWeights(_ steps: [Step], _ graph: Graph) -> [(String, [Int])] {
  var readers: [String: [Int]] = [:]
  for (position, step) in steps.enumerated() {
    for case .tensor(let name) in Set(step.call.operands) { readers[name, default: []].append(position) }
  }
  return readers.filter { name, positions in
    guard let tensor = try? graph.tensor(name), tensor.role == .constant else { return false }
    return positions.allSatisfy { position in
      steps[position].considered.contains { $0.layout != nil } && steps[position].node.input(1) == name
        && steps[position].node.attributes["trained"] == nil
    }
  }.sorted { $0.key < $1.key }
}

/// The layouts in which every reader has a kernel, the cheapest first; `nil` is the canonical one.
private func cheapestLayouts(_ readers: [[KernelCandidate]], _ goal: KernelGoal) -> [String?] {
  let layouts = Set(readers.flatMap { $0.map(\.layout) })
  let costs: [(layout: String?, cost: Int)] = layouts.compactMap { layout in
    var sum = 0
    for candidates in readers {
      guard let best = candidates.filter({ $0.layout == layout }).map({ $0.cost(goal) }).min() else {
        return nil
      }
      sum = sum.addingReportingOverflow(best).overflow ? .max : sum + best
    }
    return (layout, sum)
  }
  return costs.sorted { ($0.cost, $0.layout ?? "") < ($1.cost, $1.layout ?? "") }.map(\.layout)
}

extension Step {
  /// Takes the cheapest of the considered kernels that read weights in the chosen layout; the first of
  /// equals.
  /// - Parameter choice: `nil` where the weights can only lie in the canonical layout.
  fileprivate mutating func choose(_ choice: LayoutChoice?, _ goal: KernelGoal) {
    let possible = considered.filter { $0.layout == choice?.chosen }
    let best = possible.min { $0.cost(goal) < $1.cost(goal) }
    verdicts = considered.map { candidate in
      if candidate == best { return .chosen }
      if candidate.layout == choice?.chosen { return .costlier }
      guard let choice else { return .canonicalWeights }
      return candidate.layout.map(choice.notPackable.contains) == true ? .notPackable : .otherLayout
    }
    guard let best else { return }
    call.symbol = best.symbol
    backend = best.backend
    scratchBytes = best.scratchBytes
    if !best.worksInPlace { call.inPlace = [] }
  }
}
