import Graph

/// What changes a parameter by a gradient that is held whole.
let updateOperators: Set = ["update_int8", "update_int32", "update_float32"]

/// Joins a gradient and the update that consumes it into one node, so that the gradient is never held whole.
func fuseUpdates(_ graph: Graph) throws -> Graph {
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
  return try fuseReluUpdates(prune(graph))
}

/// Joins the update of a float32 layer behind a Relu with the gradients that pass the layer and the Relu:
/// each weight is read once, and the gradient takes the place of the Relu's output.
private func fuseReluUpdates(_ graph: Graph) throws -> Graph {
  let (producers, consumers) = (graph.producers, graph.consumers)
  var fused: [String: Node] = [:]
  var gone: Set<String> = []
  for relu in graph.nodes where relu.op == "relu_gradient" {
    guard let producer = producers[relu.inputs[0]], consumers[relu.inputs[0]]?.count == 1 else { continue }
    let passing = graph.nodes[producer]
    guard passing.op == "dense_f32_input_gradient", passing.ints("input_shape").first == 1,
      let update = graph.nodes.first(where: { node in
        node.op == "dense_f32_weight_update" && node.updatePeriod == 1
          && node.inputs.prefix(3) == [passing.inputs[0], relu.inputs[1], passing.inputs[1]]
      })
    else { continue }
    var node = update
    (node.op, node.outputs, node.phase) = ("dense_f32_relu_update", relu.outputs, .backward)
    node.attributes["parameter"] = nil  // the output is no parameter's gradient
    fused[relu.name] = node
    gone.formUnion([passing.name, update.name])
  }
  guard !fused.isEmpty else { return graph }
  var joined = graph
  joined.nodes = graph.nodes.filter { !gone.contains($0.name) }.map { fused[$0.name] ?? $0 }
  // A rate that follows a schedule is computed further down.
  return prune(try joined.topologicallySorted())
}

/// The fused operator for each gradient operator that an update may consume.
private let fusedOperator = [
  "conv2d_weight_gradient": "conv2d_weight_update",
  "conv2d_bias_gradient": "conv2d_bias_update",
  "dense_f32_weight_gradient": "dense_f32_weight_update",
  "dense_f32_bias_gradient": "dense_f32_bias_update",
]
