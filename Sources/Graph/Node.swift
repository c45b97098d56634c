/// One operation of the program.
public struct Node: Sendable, Hashable, Codable {
  /// The part of a training step that a node belongs to.
  public enum Phase: String, Sendable, Codable, CaseIterable {
    case forward
    case loss
    case backward
    case update
  }

  /// Unique in its graph.
  public var name: String
  /// The operator's name: a key of the operator registry.
  public var op: String
  /// Names of tensors read; which position means what, the operator's file says. An empty string is an
  /// optional input that is absent.
  public var inputs: [String]
  /// Names of tensors written. An empty string is an optional output that nobody needs.
  public var outputs: [String]
  public var attributes: [String: Attribute]
  public var phase: Phase
  /// The layer of the imported model that the node came from.
  public var layer: String

  public init(
    _ name: String, _ op: String, inputs: [String], outputs: [String], attributes: [String: Attribute] = [:],
    phase: Phase = .forward, layer: String? = nil
  ) {
    self.name = name
    self.op = op
    self.inputs = inputs
    self.outputs = outputs
    self.attributes = attributes
    self.phase = phase
    self.layer = layer ?? name
  }

  /// The integer attribute `key`, or `fallback` where it is absent.
  public func int(_ key: String, default fallback: Int = 0) -> Int {
    if case .int(let value)? = attributes[key] { value } else { fallback }
  }

  /// The list attribute `key`, or `fallback` where it is absent.
  public func ints(_ key: String, default fallback: [Int] = []) -> [Int] {
    if case .ints(let value)? = attributes[key] { value } else { fallback }
  }

  /// The float attribute `key`, or `fallback` where it is absent.
  public func float(_ key: String, default fallback: Double = 0) -> Double {
    if case .float(let value)? = attributes[key] { value } else { fallback }
  }

  /// The string attribute `key`, or `fallback` where it is absent.
  public func string(_ key: String, default fallback: String = "") -> String {
    if case .string(let value)? = attributes[key] { value } else { fallback }
  }

  /// The name of the input at `position`, or `nil` where it is absent.
  public func input(_ position: Int) -> String? {
    inputs.indices.contains(position) && !inputs[position].isEmpty ? inputs[position] : nil
  }

  /// The name of the output at `position`, or `nil` where it is absent.
  public func output(_ position: Int) -> String? {
    outputs.indices.contains(position) && !outputs[position].isEmpty ? outputs[position] : nil
  }
}
