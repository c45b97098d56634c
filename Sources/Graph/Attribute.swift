/// A constant that belongs to a node: a stride, a rounding mode, a list of channels.
public enum Attribute: Sendable, Hashable, Codable {
  case int(Int)
  case ints([Int])
  case float(Double)
  case string(String)
}

extension Attribute: ExpressibleByIntegerLiteral, ExpressibleByStringLiteral, ExpressibleByArrayLiteral {
  public init(integerLiteral value: Int) { self = .int(value) }
  public init(stringLiteral value: String) { self = .string(value) }
  public init(arrayLiteral elements: Int...) { self = .ints(elements) }
}
