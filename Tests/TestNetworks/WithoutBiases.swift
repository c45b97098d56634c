import Graph

extension Graph {
  /// The network with no bias in layers of these names.
  public func withoutBiases(of layers: Set<String>) -> Graph {
    var graph = self
    for position in graph.nodes.indices where layers.contains(graph.nodes[position].layer) {
      graph.nodes[position].inputs[2] = ""
    }
    let read = Set(graph.nodes.flatMap(\.inputs))
    graph.keepTensors { $0.role != .constant || read.contains($0.name) }
    return graph
  }
}
