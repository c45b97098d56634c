import Graph

/// What changes a parameter by a gradient that is held whole.
let updateOperators: Set = ["update_int8", "update_int32", "update_float32"]

/// Joins a gradient and the update that consumes it into one node, so that the gradient is never held whole.
func fuseUpdates(_ graph: Graph) -> Graph {
  var graph = graph
  let (producers, consumers) = (graph.producers, graph.consumers)
  var fused: Set<String> = []
  for position in graph.nodes.indices where updateOperators.contains(graph.nodes[position].op) {
    let update = graph.nodes[position]
    guard let producer = producers[update.inputs[0]], consumers[update.inputs[0]]?.count == 1,
      let op = fusedOperator[graph.nodes[producer].op]
    else { continue }
    let gradient = graph.nodes[producer]
    fused.insert(gradient.name)
    graph.nodes[position].op = op
    graph.nodes[position].inputs = gradient.inputs + update.inputs.dropFirst()
    graph.nodes[position].attributes.merge(gradient.attributes) { own, _ in own }
  }
  graph.nodes.removeAll { fused.contains($0.name) }
  return prune(graph)
}

/// The fused operator for each gradient operator that an update may consume.
private let fusedOperator = [
  "conv2d_weight_gradient": "conv2d_weight_update",
  "conv2d_bias_gradient": "conv2d_bias_update",
  "dense_f32_weight_gradient": "dense_f32_weight_update",
  "dense_f32_bias_gradient": "dense_f32_bias_update",
]
