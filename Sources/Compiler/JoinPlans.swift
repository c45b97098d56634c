import Boards
import Graph
import Operators

/// Puts programs that have nothing to do with each other into one, so that one image runs them all.
///
/// `program` keeps its place in the arena, and its input and output stay the whole's; the others follow it,
/// each in the memory behind it. Tensors and nodes of the n-th of them are called `n.` before their names.
/// - Parameters:
///   - others: inference programs that read constants only.
///   - board: `nil` places nothing.
/// - Throws: `DoesNotFit`, `GraphError`
public func join(_ program: Plan, with others: [Plan], on board: Board? = nil) throws -> Plan {
  var graph = program.graph
  var steps = program.steps
  var items = program.arena.items
  var packed = program.packedWeights
  var bytes = program.arena.bytes
  for (number, other) in others.enumerated() {
    let renamed = try other.renamed { "\(number).\($0)" }
    for tensor in renamed.graph.tensors { try graph.define(tensor) }
    graph.nodes += renamed.graph.nodes
    for var item in renamed.arena.items {
      item.offset += program.arena.bytes
      (item.first, item.last) = (item.first + steps.count, item.last + steps.count)
      items.append(item)
    }
    steps += renamed.steps
    packed.merge(renamed.packedWeights) { own, _ in own }
    bytes = max(bytes, program.arena.bytes + renamed.arena.bytes)
  }
  var joined = Plan(
    graph: graph, steps: steps,
    arena: ArenaPlan(items: items, bytes: bytes, lowerBound: bytes, peakStep: program.arena.peakStep),
    options: program.options, stackBytes: program.stackBytes)
  joined.board = board?.name
  joined.packedWeights = packed
  if let board, !board.isHost { joined.placement = try place(joined, on: board) }
  return joined
}

extension Plan {
  /// The same program under other names of tensors and nodes; layers keep theirs.
  fileprivate func renamed(_ name: (String) -> String) throws -> Plan {
    func rename(_ node: Node) -> Node {
      var node = node
      node.name = name(node.name)
      node.inputs = node.inputs.map { $0.isEmpty ? "" : name($0) }
      node.outputs = node.outputs.map { $0.isEmpty ? "" : name($0) }
      return node
    }
    var renamed = self
    renamed.graph = Graph(name: graph.name)
    for var tensor in graph.tensors {
      tensor.name = name(tensor.name)
      try renamed.graph.define(tensor)
    }
    renamed.graph.nodes = graph.nodes.map(rename)
    renamed.graph.outputs = graph.outputs.map(name)
    for position in steps.indices {
      renamed.steps[position].node = rename(steps[position].node)
      renamed.steps[position].call.operands = steps[position].call.operands.map { operand in
        if case .tensor(let tensor) = operand { .tensor(name(tensor)) } else { operand }
      }
      renamed.steps[position].call.inPlace = steps[position].call.inPlace.map {
        InPlacePair(input: name($0.input), output: name($0.output))
      }
    }
    for position in arena.items.indices {
      renamed.arena.items[position].name = name(arena.items[position].name)
    }
    renamed.packedWeights = Dictionary(uniqueKeysWithValues: packedWeights.map { (name($0), $1) })
    return renamed
  }
}
