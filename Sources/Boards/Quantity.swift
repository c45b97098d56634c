/// A number with an optional unit, as written in a configuration file: `65536`, `0x1_0000`, `64 KiB`, `25
/// MHz`.
public enum Quantity: String, Sendable {
  case bytes, hertz, count, address

  private var factors: [String: UInt64] {
    switch self {
    case .bytes: ["B": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "kB": 1000, "MB": 1_000_000]
    case .hertz: ["Hz": 1, "kHz": 1000, "MHz": 1_000_000, "GHz": 1_000_000_000]
    case .count, .address: [:]
    }
  }

  /// What a good value looks like, for messages.
  package var example: String {
    switch self {
    case .bytes: "a size such as 65536, 0x10000 or 64 KiB"
    case .hertz: "a frequency such as 25000000 or 25 MHz"
    case .count: "a whole number"
    case .address: "an address such as 0x20000000"
    }
  }

  /// The value in bytes, hertz or plain; nil where `text` is no such quantity or exceeds 63 bits.
  public func parse(_ text: String) -> UInt64? {
    let compact = text.filter { $0 != "_" }
    if let plain = Self.integer(compact) { return plain }
    guard let unit = factors.first(where: { compact.hasSuffix($0.key) && Self.isUnit($0.key, of: compact) }),
      let number = Self.integer(Self.trimmed(compact.dropLast(unit.key.count)))
    else { return nil }
    let (product, overflow) = number.multipliedReportingOverflow(by: unit.value)
    return overflow || product > UInt64(Int64.max) ? nil : product
  }

  private static func isUnit(_ unit: String, of text: String) -> Bool {
    guard let before = text.dropLast(unit.count).last else { return false }
    return before == " " || before.isNumber
  }

  private static func trimmed(_ text: Substring) -> String {
    String(text.reversed().drop { $0 == " " }.reversed())
  }

  private static func integer(_ text: String) -> UInt64? {
    let value = text.hasPrefix("0x") ? UInt64(text.dropFirst(2), radix: 16) : UInt64(text)
    return value.flatMap { $0 <= UInt64(Int64.max) ? $0 : nil }
  }
}
