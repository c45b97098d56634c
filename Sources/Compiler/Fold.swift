import Graph

/// Removes what costs work and changes nothing: reshapes (activations lie in the order that a reshape
/// keeps) and clamps that the layer before can take up.
func fold(_ graph: Graph) throws -> Graph {
  foldClamps(try foldReshapes(graph))
}

/// Operators whose result has the shape of their first input.
private let elementwise: Set = ["add", "clamp", "dequantize", "relu", "requantize"]

/// Readers of a reshape's output read its input instead; what they compute element by element takes on its
/// shape.
private func foldReshapes(_ graph: Graph) throws -> Graph {
  var graph = graph
  var sources: [String: String] = [:]
  for node in graph.nodes where node.op == "reshape" {
    sources[node.outputs[0]] = sources[node.inputs[0]] ?? node.inputs[0]
  }
  graph.nodes.removeAll { $0.op == "reshape" }
  for position in graph.nodes.indices {
    graph.nodes[position].inputs = graph.nodes[position].inputs.map { sources[$0] ?? $0 }
  }
  graph.outputs = graph.outputs.map { sources[$0] ?? $0 }
  graph.keepTensors { sources[$0.name] == nil }
  for node in graph.nodes where elementwise.contains(node.op) {
    let shape = try graph.tensor(node.inputs[0]).shape
    try graph.update(node.outputs[0]) { $0.shape = shape }
  }
  return graph
}

/// A clamp whose input nobody else reads narrows the clamp of the node that writes it.
private func foldClamps(_ graph: Graph) -> Graph {
  var graph = graph
  let clampable: Set = ["conv2d", "dense", "add", "average_pool2d", "max_pool2d", "requantize", "clamp"]
  for node in graph.nodes where node.op == "clamp" {
    guard let producer = graph.producers[node.inputs[0]], clampable.contains(graph.nodes[producer].op),
      graph.consumers[node.inputs[0]]?.count == 1, !graph.outputs.contains(node.inputs[0]),
      let input = try? graph.tensor(node.inputs[0]), let output = try? graph.tensor(node.outputs[0]),
      input.quantization == output.quantization
    else { continue }
    let (inner, outer) = (
      graph.nodes[producer].ints("clamp", default: [-128, 127]), node.ints("clamp", default: [-128, 127])
    )
    let low = max(inner[0], outer[0])
    graph.nodes[producer].attributes["clamp"] = .ints([low, max(low, min(inner[1], outer[1]))])
    graph.nodes[producer].outputs[0] = node.outputs[0]
    graph.nodes.removeAll { $0.name == node.name }
    graph.keepTensors { $0.name != node.inputs[0] }
  }
  return graph
}
