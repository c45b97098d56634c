/// A line of a compiler's stack usage file (`-fstack-usage`): one function's own frame.
public struct StackUsage: Equatable, Codable, Sendable {
  public var function: String
  public var bytes: Int
  /// False where the frame grows with run-time values, so that `bytes` is not all.
  public var isBounded: Bool

  /// Reads a stack usage file; lines of another form are left out.
  public static func parse(_ text: String) -> [StackUsage] {
    text.split(separator: "\n").compactMap { line in
      let columns = line.split(separator: "\t")
      guard columns.count == 3, let bytes = Int(columns[1]),
        let function = columns[0].split(separator: ":").last
      else { return nil }
      let isBounded = columns[2] == "static" || columns[2].contains("bounded")
      return StackUsage(function: String(function), bytes: bytes, isBounded: isBounded)
    }
  }
}
