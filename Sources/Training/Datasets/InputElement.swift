/// What one value of the model's input is.
public enum InputElement: String, Codable, Sendable, CaseIterable {
  case int8
  /// Four little-endian bytes.
  case float32

  public var byteCount: Int { self == .int8 ? 1 : 4 }

  /// The bytes of a value: an int8 rounds half to even and saturates. `value` must not be a NaN.
  func bytes(_ value: Double) -> [Int8] {
    switch self {
    case .int8: [saturatedInt8(value)]
    case .float32:
      withUnsafeBytes(of: Float(value).bitPattern.littleEndian) { $0.map { Int8(bitPattern: $0) } }
    }
  }
}
