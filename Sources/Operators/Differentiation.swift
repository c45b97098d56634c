import Graph

/// The state of reverse-mode differentiation: the program as it grows, and the gradients known so far.
public struct Differentiation {
  public private(set) var graph: Graph
  /// For each tensor the parts of its gradient, one per use.
  private var parts: [String: [String]] = [:]
  /// The gradient of each weight and bias, by the parameter's name.
  public private(set) var parameterGradients: [String: String] = [:]

  public init(_ graph: Graph) {
    self.graph = graph
  }

  /// Says that `gradient` is one part of the gradient of `tensor`.
  public mutating func add(_ gradient: String, to tensor: String) {
    parts[tensor, default: []].append(gradient)
  }

  /// Says that `gradient` is the gradient of a weight or bias.
  public mutating func setParameterGradient(_ gradient: String, of parameter: String) {
    parameterGradients[parameter] = gradient
  }

  /// The whole gradient of `tensor`: a tensor that was used more than once gets the sum of its parts. `nil`
  /// where no gradient arrives.
  public mutating func gradient(of tensor: String, layer: String) throws -> String? {
    guard var remaining = parts[tensor], !remaining.isEmpty else { return nil }
    var sum = remaining.removeFirst()
    for part in remaining {
      sum = try append("accumulate", "\(tensor).grad.sum", inputs: [sum, part], layer: layer)
    }
    parts[tensor] = [sum]
    return sum
  }

  /// Appends a backward node with one output, whose type the operator's shape rule gives, and returns the
  /// output's name.
  public mutating func append(
    _ op: String, _ name: String, inputs: [String], attributes: [String: Attribute] = [:],
    phase: Node.Phase = .backward, layer: String
  ) throws -> String {
    let output = graph.freeTensorName(name)
    let node = Node(
      output, op, inputs: inputs, outputs: [output],
      attributes: attributes.merging(["gradient": "float32"]) { own, _ in own }, phase: phase, layer: layer)
    guard let type = try operatorDefinition(of: node).outputTypes(node, graph).first else {
      throw OperatorError(node, "has no output")
    }
    try graph.define(Tensor(output, type.element, type.shape))
    graph.nodes.append(node)
    return output
  }

  /// Defines a float32 constant and returns its name.
  public mutating func constant(_ name: String, _ values: [Float]) throws -> String {
    let name = graph.freeTensorName(name)
    try graph.define(
      Tensor(name, .float32, [values.count], role: .constant, data: littleEndianBytes(values)))
    return name
  }

  /// Gives node `nodeName` an additional output at `position` (a mask, an index), if it has none there yet,
  /// and returns its name.
  public mutating func requestOutput(
    _ position: Int, of nodeName: String, suffix: String
  ) throws -> String {
    guard let index = graph.nodes.firstIndex(where: { $0.name == nodeName }) else {
      throw GraphError.unknownTensor(nodeName)
    }
    let node = graph.nodes[index]
    if let present = node.output(position) { return present }
    let types = try operatorDefinition(of: node).outputTypes(node, graph)
    let name = graph.freeTensorName("\(node.outputs[0]).\(suffix)")
    try graph.define(Tensor(name, types[position].element, types[position].shape))
    while graph.nodes[index].outputs.count <= position { graph.nodes[index].outputs.append("") }
    graph.nodes[index].outputs[position] = name
    return name
  }
}
