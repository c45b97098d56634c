import Graph

/// The extra memory of an update scheme by the paper's formula (tiny-training,
/// algorithm/core/utils/partial_backward.py), batch 1, in bytes: what search and reports compare with
/// published figures. The plan's own bytes come from the memory planner.
public struct UpdateMemory: Sendable, Equatable, Codable {
  /// Weights that learn, and 4 bytes per bias that learns.
  public var weightBytes: Int
  /// Saved inputs of updated weights, clamp masks at one bit per output, and the head's input.
  public var activationBytes: Int
  public var totalBytes: Int { weightBytes + activationBytes }
}

/// The formula's figures for `scheme` on an imported network.
public func updateMemory(of scheme: UpdateScheme, in graph: Graph) throws -> UpdateMemory {
  let layers = try updatableLayers(of: graph)
  try check(scheme, layers: layers)
  var memory = UpdateMemory(weightBytes: 0, activationBytes: 0)
  for (index, layer) in layers.enumerated() {
    let channels = try scheme.weights[index].map { try chosenChannels($0, of: layer, graph) } ?? []
    guard scheme.biases.contains(index) || !channels.isEmpty else { continue }
    let node = graph.nodes[layer.node]
    let (input, output) = (try graph.tensor(node.inputs[0]), try graph.tensor(node.outputs[0]))
    let weight = try graph.tensor(layer.weight)
    memory.activationBytes += output.count / 8
    memory.weightBytes += layer.bias == nil ? 0 : 4 * output.shape[1]
    if layer.isFloat {
      memory.activationBytes += channels.isEmpty ? 0 : input.byteCount
      memory.weightBytes += channels.isEmpty ? 0 : weight.byteCount
    } else {
      memory.activationBytes += input.count / input.shape[1] * channels.count
      memory.weightBytes += weight.count / layer.inputChannels * channels.count
    }
  }
  if let head = headNode(of: graph) {
    let input = graph.nodes[head].inputs[0]
    let isInt8 = graph.nodes.contains { $0.op == "dequantize" && $0.outputs.contains(input) }
    memory.activationBytes += try isInt8 ? graph.tensor(input).count : graph.tensor(input).byteCount
  }
  return memory
}

/// Refuses a scheme that names layers, or biases of layers, which the network has not.
func check(_ scheme: UpdateScheme, layers: [UpdatableLayer]) throws {
  let named = scheme.biases.union(scheme.weights.keys)
  let strangers = named.filter { !layers.indices.contains($0) }.sorted()
  guard strangers.isEmpty else { throw CompilerError.noSuchLayers(strangers, layers: layers.count) }
  let withoutBias = scheme.biases.sorted().filter { layers[$0].bias == nil }
  guard withoutBias.isEmpty else { throw CompilerError.noBias(layers: withoutBias.map { layers[$0].name }) }
  let inPart = scheme.weights.filter { layers[$0.key].isFloat && $0.value != .fraction(1) }.keys.sorted()
  guard inPart.isEmpty else { throw CompilerError.floatInPart(layers: inPart.map { layers[$0].name }) }
}
