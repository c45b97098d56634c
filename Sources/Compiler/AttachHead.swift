import Graph

/// Puts a fresh float32 dense layer for `classes` classes, all zeros, in the place of the network's last
/// layer with weights.
///
/// The new head reads what the old one read, dequantized. - Throws: `CompilerError.noClassifier` where
/// there is no such layer.
public func attachHead(_ graph: Graph, classes: Int) throws -> Graph {
  var graph = graph
  guard let position = headNode(of: graph) else { throw CompilerError.noClassifier(graph.name) }
  let old = graph.nodes[position]
  var features = old.inputs[0]
  graph.nodes.removeSubrange(position...)
  var tensor = try graph.tensor(features)
  if tensor.element == .int8 {
    let name = graph.freeTensorName("head.features")
    try graph.define(Tensor(name, .float32, tensor.shape))
    graph.nodes.append(
      Node("head.dequantize", "dequantize", inputs: [features], outputs: [name], layer: "head"))
    features = name
    tensor = try graph.tensor(name)
  }
  let inCount = tensor.shape.dropFirst().reduce(1, *)
  try graph.define(
    Tensor(
      "head.weight", .float32, [classes, inCount], role: .constant,
      data: [UInt8](repeating: 0, count: 4 * classes * inCount)))
  try graph.define(
    Tensor("head.bias", .float32, [classes], role: .constant, data: [UInt8](repeating: 0, count: 4 * classes))
  )
  try graph.define(Tensor("head.logits", .float32, [tensor.shape[0], classes]))
  graph.nodes.append(
    Node(
      "head", "dense_f32", inputs: [features, "head.weight", "head.bias"], outputs: ["head.logits"]))
  graph.outputs = ["head.logits"]
  return prune(graph)
}
