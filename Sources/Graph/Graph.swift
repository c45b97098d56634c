/// A program over statically shaped tensors: first an imported network, after the compiler's passes a whole
/// training step.
///
/// The order of `nodes` is the order of execution. A plain value: passes take one and return another.
public struct Graph: Sendable, Equatable, Codable {
  public var name: String
  /// In order of definition; change through `define`, `update` and `keepTensors`.
  public private(set) var tensors: [Tensor]
  public var nodes: [Node]
  /// Names of the tensors that the program is run for.
  public var outputs: [String]
  private var positions: [String: Int]

  public init(name: String) {
    self.name = name
    tensors = []
    nodes = []
    outputs = []
    positions = [:]
  }

  /// The tensor called `name`.
  public func tensor(_ name: String) throws(GraphError) -> Tensor {
    guard let position = positions[name] else { throw .unknownTensor(name) }
    return tensors[position]
  }

  /// Whether a tensor of this name is defined.
  public func contains(_ name: String) -> Bool { positions[name] != nil }

  /// Adds a tensor.
  /// - Throws: `GraphError.duplicateTensor` where the name is taken.
  public mutating func define(_ tensor: Tensor) throws(GraphError) {
    guard positions[tensor.name] == nil else { throw .duplicateTensor(tensor.name) }
    positions[tensor.name] = tensors.count
    tensors.append(tensor)
  }

  /// Changes the tensor called `name` in place; its name stays.
  public mutating func update(_ name: String, _ change: (inout Tensor) -> Void) throws(GraphError) {
    guard let position = positions[name] else { throw .unknownTensor(name) }
    change(&tensors[position])
    tensors[position].name = name
  }

  /// Drops every tensor for which `isKept` is false.
  public mutating func keepTensors(where isKept: (Tensor) -> Bool) {
    tensors = tensors.filter(isKept)
    positions = Dictionary(uniqueKeysWithValues: tensors.enumerated().map { ($1.name, $0) })
  }

  /// A name that no tensor has: `base`, or `base` with a number.
  public func freeTensorName(_ base: String) -> String {
    guard contains(base) else { return base }
    var number = 2
    while contains("\(base).\(number)") { number += 1 }
    return "\(base).\(number)"
  }

  /// Tensors with `role`, in order of definition.
  public func tensors(role: Tensor.Role) -> [Tensor] { tensors.filter { $0.role == role } }

  /// The position of the node that writes each tensor.
  public var producers: [String: Int] {
    var producers: [String: Int] = [:]
    for (position, node) in nodes.enumerated() {
      for output in node.outputs where !output.isEmpty { producers[output] = position }
    }
    return producers
  }

  /// The positions of the nodes that read each tensor, ascending.
  public var consumers: [String: [Int]] {
    var consumers: [String: [Int]] = [:]
    for (position, node) in nodes.enumerated() {
      for input in Set(node.inputs) where !input.isEmpty { consumers[input, default: []].append(position) }
    }
    return consumers
  }
}
