import Graph
import Operators

/// Drops every node, mask, index and tensor that neither an output nor an update needs: with a frozen
/// prefix that is its whole backward half.
public func prune(_ graph: Graph) -> Graph {
  var graph = graph
  var needed = Set(graph.outputs)
  var kept: [Node] = []
  for var node in graph.nodes.reversed() {
    let writesState = !(operatorRegistry[node.op]?.writtenInputs.isEmpty ?? true)
    guard writesState || node.outputs.contains(where: needed.contains) else { continue }
    for position in node.outputs.indices.dropFirst() where !needed.contains(node.outputs[position]) {
      node.outputs[position] = ""
    }
    while node.outputs.count > 1, node.outputs.last == "" { node.outputs.removeLast() }
    needed.formUnion(node.inputs)
    needed.formUnion(node.outputs)
    kept.append(node)
  }
  graph.nodes = kept.reversed()
  graph.keepTensors { needed.contains($0.name) || $0.role == .input }
  return graph
}
