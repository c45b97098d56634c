/// What one element of a tensor is.
public enum ElementType: String, Sendable, Codable, CaseIterable {
  case int8
  case uint8
  case int16
  case uint16
  case int32
  case uint32
  case float32
  /// One bit per element, element *e* in byte *e* / 8, bit *e* % 8.
  case bit

  /// Bytes that `count` densely packed elements take.
  public func byteCount(of count: Int) -> Int {
    switch self {
    case .bit: (count + 7) / 8
    case .int8, .uint8: count
    case .int16, .uint16: 2 * count
    case .int32, .uint32, .float32: 4 * count
    }
  }
}
