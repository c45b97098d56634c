/// Something about an imported model that is no error, and that its user should know.
public enum ImportNote: Sendable, Hashable, CustomStringConvertible {
  /// Biases that stand at the limits of int32: the channel is probably almost constant.
  case saturatedBiases(count: Int, layers: [String])
  /// Weights of −128; trained weights stay within ±127.
  case mostNegativeWeights(count: Int, layers: [String])
  /// Output channels whose accumulator plus bias can leave int32 for some input; the sum saturates there.
  case accumulatorOverflow(channels: Int, layers: [String])
  /// A last node that training does without: the graph ends in the logits before it.
  case droppedNode(name: String, op: String)
  /// The file's uint8 tensors, held as int8 minus 128 with zero points moved by the same.
  case shiftedUnsigned(tensors: [String])
  /// The file's output is int8; a `dequantize` node was added behind it.
  case dequantizedOutput(tensor: String)

  public var description: String {
    switch self {
    case .saturatedBiases(let count, let layers):
      "\(count) biases stand at the int32 limits (\(layers.joined(separator: ", ")))"
    case .mostNegativeWeights(let count, let layers):
      "\(count) weights are -128 (\(layers.joined(separator: ", "))); training keeps weights within ±127"
    case .accumulatorOverflow(let channels, let layers):
      "accumulator + bias of \(channels) channels can leave int32 and then saturates"
        + " (\(layers.joined(separator: ", ")))"
    case .droppedNode(let name, let op):
      "\(op) '\(name)' at the end is left out: the graph ends in the logits"
    case .shiftedUnsigned(let tensors):
      "\(tensors.count) uint8 tensors are held as int8 minus 128 (\(tensors.joined(separator: ", ")))"
    case .dequantizedOutput(let tensor):
      "the output '\(tensor)' is int8; a dequantize node behind it gives float32 logits"
    }
  }
}
