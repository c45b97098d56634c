import Graph

/// A float32 network with random weights: 12 inputs, dense layers of 9 and 7 outputs with Relu, one of 4.
public func floatNetwork(seed: UInt64 = 1) throws -> Graph {
  var generator = SeededGenerator(seed: seed)
  var graph = Graph(name: "float network")
  try graph.define(Tensor("input", .float32, [1, 12], role: .input))
  var (source, inputs) = ("input", 12)
  for (layer, outputs) in zip(["first", "second", "third"], [9, 7, 4]) {
    for (name, shape) in [("\(layer).weight", [outputs, inputs]), ("\(layer).bias", [outputs])] {
      let values = (0..<shape.reduce(1, *)).map { _ in Float.random(in: -0.5...0.5, using: &generator) }
      try graph.define(Tensor(name, .float32, shape, role: .constant, data: littleEndianBytes(values)))
    }
    try graph.define(Tensor("\(layer).out", .float32, [1, outputs]))
    graph.nodes.append(
      Node(
        layer, "dense_f32", inputs: [source, "\(layer).weight", "\(layer).bias"], outputs: ["\(layer).out"]))
    (source, inputs) = ("\(layer).out", outputs)
    guard layer != "third" else { continue }
    try graph.define(Tensor("\(layer).relu", .float32, [1, outputs]))
    graph.nodes.append(Node("\(layer).relu", "relu", inputs: [source], outputs: ["\(layer).relu"]))
    source = "\(layer).relu"
  }
  graph.outputs = [source]
  return graph
}
