import Graph
import Operators

/// Orders the backward half so that every gradient is consumed, and its memory freed, as soon as it exists.
///
/// Forward and loss keep their order. Behind them, of all nodes whose inputs are there, the one that leaves
/// the fewest bytes alive runs next (paper, section 3.3: operator reordering); a parameter is written only
/// after everyone has read its old value. What runs only every few steps follows in one piece, the step
/// counter last.
func schedule(_ graph: Graph) throws -> Graph {
  let firstBackward =
    graph.nodes.firstIndex { $0.phase == .backward || $0.phase == .update } ?? graph.nodes.count
  var scheduler = BackwardScheduler(graph, done: firstBackward)
  while let next = try scheduler.next() { scheduler.run(next) }
  var scheduled = graph
  scheduled.nodes = scheduler.order.map { graph.nodes[$0] }
  return scheduled
}

private struct BackwardScheduler {
  let graph: Graph
  private(set) var order: [Int]
  private var waiting: [Int]
  /// Readers of each tensor that have not run.
  private var readersLeft: [String: Int]
  private var written: Set<String>
  private let outputs: Set<String>

  init(_ graph: Graph, done: Int) {
    self.graph = graph
    order = Array(0..<done)
    waiting = Array(done..<graph.nodes.count)
    outputs = Set(graph.outputs)
    written = Set(graph.tensors.filter { $0.role != .activation }.map(\.name))
    written.formUnion(graph.nodes[..<done].flatMap(\.outputs))
    readersLeft = graph.consumers.mapValues { readers in readers.filter { $0 >= done }.count }
  }

  /// The waiting node that leaves the fewest bytes alive; the first in program order of equals. Nil when
  /// all have run.
  func next() throws -> Int? {
    guard !waiting.isEmpty else { return nil }
    var best: (node: Int, cost: (rank: Int, growth: Int))?
    for node in waiting where isReady(node) {
      let cost = (rank: rank(of: node), growth: try growth(of: node))
      if cost < best?.cost ?? (.max, .max) { best = (node, cost) }
    }
    guard let best else { throw GraphError.cycle(waiting.map { graph.nodes[$0].name }) }
    return best.node
  }

  mutating func run(_ node: Int) {
    order.append(node)
    waiting.removeAll { $0 == node }
    written.formUnion(graph.nodes[node].outputs)
    for input in Set(graph.nodes[node].inputs) { readersLeft[input, default: 1] -= 1 }
  }

  private func isReady(_ position: Int) -> Bool {
    let node = graph.nodes[position]
    guard node.inputs.allSatisfy({ $0.isEmpty || written.contains($0) }) else { return false }
    let changed = operatorRegistry[node.op]?.writtenInputs ?? []
    return changed.allSatisfy { index in
      guard let parameter = node.input(index), readersLeft[parameter] != 1 else { return true }
      // A reader of a later rank wants the new value.
      return waiting.allSatisfy { other in
        other == position || rank(of: other) > rank(of: position)
          || !graph.nodes[other].inputs.contains(parameter)
      }
    }
  }

  /// What runs in every step, what runs in some, and the counter that tells them apart.
  private func rank(of position: Int) -> Int {
    let node = graph.nodes[position]
    if node.op == advanceCounterOperator { return 2 }
    return node.updatePeriod > 1 ? 1 : 0
  }

  /// Bytes that come alive minus bytes that are read for the last time.
  private func growth(of position: Int) throws -> Int {
    let node = graph.nodes[position]
    var growth = 0
    for output in node.outputs where !output.isEmpty { growth += try graph.tensor(output).byteCount }
    for input in Set(node.inputs) where !input.isEmpty && readersLeft[input] == 1 && !outputs.contains(input)
    {
      let tensor = try graph.tensor(input)
      if tensor.role == .activation { growth -= tensor.byteCount }
    }
    return growth
  }
}
