import Graph

/// A layer whose weights and biases can learn.
public struct UpdatableLayer: Sendable, Equatable {
  /// The forward node's position in the graph.
  public var node: Int
  public var name: String
  public var op: String
  public var weight: String
  public var bias: String?
  /// How many positions the weight's input-channel axis has (depthwise: the channel axis); 1 where the
  /// weights are float32, which learn whole.
  public var inputChannels: Int
  public var isDepthwise: Bool

  /// Whether weights and bias are float32.
  public var isFloat: Bool { op == "dense_f32" }
}

/// The layers that an update scheme counts, in order of execution: convolutions and dense layers without the
/// head.
public func updatableLayers(of graph: Graph) throws -> [UpdatableLayer] {
  try linearLayers(of: graph).filter { $0.node != headNode(of: graph) }
}

/// The name of the layer that yields the network's answer.
public func headName(of graph: Graph) -> String? {
  headNode(of: graph).map { graph.nodes[$0].layer }
}

/// All convolutions and dense layers.
func linearLayers(of graph: Graph) throws -> [UpdatableLayer] {
  try graph.nodes.enumerated().compactMap { position, node in
    guard node.phase == .forward, ["conv2d", "dense", "dense_f32"].contains(node.op) else { return nil }
    let input = try graph.tensor(node.inputs[0])
    let weight = try graph.tensor(node.inputs[1])
    let groups = node.int("groups", default: 1)
    let isDepthwise = node.op == "conv2d" && groups > 1 && groups == input.shape[1]
    return UpdatableLayer(
      node: position, name: node.layer, op: node.op, weight: weight.name, bias: node.input(2),
      inputChannels: isDepthwise ? groups : node.op == "dense_f32" ? 1 : weight.shape[1],
      isDepthwise: isDepthwise)
  }
}

/// The position of the node that yields the network's answer: the last layer with weights before the first
/// output.
func headNode(of graph: Graph) -> Int? {
  let producers = graph.producers
  var tensor = graph.outputs.first
  while let name = tensor, let position = producers[name] {
    let node = graph.nodes[position]
    if ["dense_f32", "conv2d", "dense"].contains(node.op) { return position }
    guard ["dequantize", "reshape", "requantize", "clamp", "relu"].contains(node.op) else { return nil }
    tensor = node.inputs.first
  }
  return nil
}
