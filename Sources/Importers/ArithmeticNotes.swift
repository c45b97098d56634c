import Graph

/// What is remarkable about the numbers of a quantized network: biases at the limits of int32, weights of
/// −128, and channels whose sum can leave int32.
func arithmeticNotes(on graph: Graph) -> [ImportNote] {
  var saturated: [(layer: String, count: Int)] = []
  var negative: [(layer: String, count: Int)] = []
  var overflowing: [(layer: String, count: Int)] = []
  for node in graph.nodes where ["conv2d", "dense"].contains(node.op) {
    guard let input = try? graph.tensor(node.inputs[0]), let weight = try? graph.tensor(node.inputs[1]) else {
      continue
    }
    let bias = node.input(2).flatMap { try? graph.tensor($0) }?.int32Data ?? []
    saturated.append((node.layer, bias.count { $0 == .min || $0 == .max }))
    negative.append((node.layer, weight.int8Data.count { $0 == -128 }))
    overflowing.append((node.layer, overflowingChannels(input: input, weight: weight, bias: bias)))
  }
  var notes: [ImportNote] = []
  if let (count, layers) = summary(saturated) { notes.append(.saturatedBiases(count: count, layers: layers)) }
  if let (count, layers) = summary(negative) {
    notes.append(.mostNegativeWeights(count: count, layers: layers))
  }
  if let (count, layers) = summary(overflowing) {
    notes.append(.accumulatorOverflow(channels: count, layers: layers))
  }
  return notes
}

private func summary(_ counts: [(layer: String, count: Int)]) -> (Int, [String])? {
  let found = counts.filter { $0.count > 0 }
  guard !found.isEmpty else { return nil }
  return (found.reduce(0) { $0 + $1.count }, found.map(\.layer))
}

/// How many output channels can leave int32: Σ|w − zw| · max|x − zx| + |bias| against the limit.
private func overflowingChannels(input: Tensor, weight: Tensor, bias: [Int32]) -> Int {
  guard let inputZero = input.quantization?.zeroPoint, let weightZero = weight.quantization?.zeroPoint else {
    return 0
  }
  let reach = max(127 - inputZero, inputZero + 128)
  let channels = weight.shape[0]
  let weights = weight.int8Data
  let size = weights.count / max(channels, 1)
  return (0..<channels).count { channel in
    let sum = weights[(channel * size)..<((channel + 1) * size)].reduce(0) { $0 + abs(Int($1) - weightZero) }
    let offset = bias.indices.contains(channel) ? abs(Int(bias[channel])) : 0
    return sum * reach + offset > Int(Int32.max)
  }
}
