import Compiler

/// Where two trainable states of one model differ first.
public struct StateDifference: Sendable, Equatable, Codable {
  /// The first tensor, in the order of the state, with a different byte.
  public var tensor: String
  /// The first different element of it, and of how many.
  public var element: Int
  public var count: Int
  /// How many elements of the tensor differ.
  public var different: Int

  /// Nil where both states are the same.
  /// - Parameter tensors: the state's layout.
  public init?(_ left: [UInt8], _ right: [UInt8], tensors: [Plan.StateTensor]) {
    for tensor in tensors {
      let range = tensor.offset..<tensor.offset + tensor.bytes
      guard range.upperBound <= min(left.count, right.count) else { return nil }
      if left[range] == right[range] { continue }
      let size = max(1, tensor.bytes / max(1, tensor.shape.reduce(1, *)))
      let elements = stride(from: range.lowerBound, to: range.upperBound, by: size).filter {
        left[$0..<$0 + size] != right[$0..<$0 + size]
      }
      self.tensor = tensor.name
      count = tensor.bytes / size
      different = elements.count
      element = ((elements.first ?? range.lowerBound) - range.lowerBound) / size
      return
    }
    return nil
  }
}
