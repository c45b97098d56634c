import Graph
import Operators

/// Lets the backward half run in integers: every gradient behind the float head becomes mantissas of 16 or 8
/// bits with an exponent beside them.
///
/// What feeds a convolution's backward kernels gets as few bits as keep their 32-bit sums from overflowing,
/// whatever the data (`tinysdk_integer_gradients.h`).
/// - Throws: `OperatorError` for a layer too large for that.
func quantizeGradients(_ graph: Graph, _ type: GradientType) throws -> Graph {
  guard type != .float32 else { return graph }
  var rewriter = GradientRewriter(graph: graph, type: type)
  for node in graph.nodes { try rewriter.append(node) }
  return try rewriter.withBits()
}

/// Where each operator takes gradients, and how many inputs it has before their exponents.
private let gradientInputs: [String: (positions: [Int], arity: Int)] = [
  "scale": ([0], 3), "accumulate": ([0, 1], 2), "conv2d_input_gradient": ([0], 3),
  "average_pool2d_gradient": ([0], 1), "max_pool2d_gradient": ([0], 2), "conv2d_weight_gradient": ([0], 2),
  "conv2d_bias_gradient": ([0], 1), "conv2d_weight_update": ([0], 7), "conv2d_bias_update": ([0], 4),
]

private struct GradientRewriter {
  var graph: Graph
  let type: GradientType
  private var nodes: [Node] = []
  /// The integer form of a gradient that exists as float32, too.
  private var quantized: [String: String] = [:]
  private var producers: [String: Int] = [:]

  init(graph: Graph, type: GradientType) {
    self.graph = graph
    self.type = type
  }

  mutating func append(_ node: Node) throws {
    guard node.phase == .backward || node.phase == .update, let inputs = gradientInputs[node.op] else {
      nodes.append(node)
      return
    }
    var node = node
    node.attributes["gradient"] = .string(type.rawValue)
    for position in inputs.positions {
      node.inputs[position] = try integer(node.inputs[position], for: node)
    }
    while node.inputs.count < inputs.arity { node.inputs.append("") }
    node.inputs += inputs.positions.map { exponentName(of: node.inputs[$0]) }
    if let output = node.outputs.first, !node.op.hasPrefix("conv2d_weight"), !node.op.hasPrefix("conv2d_bias")
    {
      node.outputs = [output, try makeInteger(output)]
    }
    add(node)
  }

  private mutating func add(_ node: Node) {
    if let output = node.outputs.first { producers[output] = nodes.count }
    nodes.append(node)
  }

  /// The integer form of `gradient`, made where it is first asked for. What is summed comes from a `scale`,
  /// which can narrow.
  private mutating func integer(_ gradient: String, for node: Node) throws -> String {
    var name = gradient
    if try graph.tensor(gradient).element == .float32 {
      if quantized[gradient] == nil {
        let made = graph.freeTensorName("\(gradient).quantized")
        try graph.define(Tensor(made, .float32, try graph.tensor(gradient).shape))
        let exponent = try makeInteger(made)
        add(
          Node(
            made, "quantize_gradient", inputs: [gradient], outputs: [made, exponent],
            attributes: ["gradient": .string(type.rawValue), "bits": .int(type.bits)], phase: .backward,
            layer: node.layer))
        quantized[gradient] = made
      }
      name = quantized[gradient] ?? gradient
    }
    guard sumsGradients.contains(node.op), let producer = producers[name] else { return name }
    return ["scale", "quantize_gradient"].contains(nodes[producer].op)
      ? name : try narrowed(name, layer: node.layer)
  }

  /// A copy of `gradient` behind a scale of 1.
  private mutating func narrowed(_ gradient: String, layer: String) throws -> String {
    let made = graph.freeTensorName("\(gradient).narrow")
    let one = graph.freeTensorName("\(gradient).one")
    try graph.define(Tensor(one, .float32, [1], role: .constant, data: littleEndianBytes([Float(1)])))
    try graph.define(Tensor(made, .float32, try graph.tensor(gradient).shape))
    let exponent = try makeInteger(made)
    add(
      Node(
        made, "scale", inputs: [gradient, one, "", exponentName(of: gradient)], outputs: [made, exponent],
        attributes: ["gradient": .string(type.rawValue)], phase: .backward, layer: layer))
    return made
  }

  /// Turns a tensor into mantissas; returns its exponent's name.
  private mutating func makeInteger(_ name: String) throws -> String {
    try graph.update(name) { $0.element = type.element }
    let exponent = exponentName(of: name)
    try graph.define(Tensor(exponent, .int32, [1]))
    return exponent
  }

  /// The program, every narrowing node with the bits that its readers can stand.
  func withBits() throws -> Graph {
    var graph = graph
    graph.nodes = nodes
    let consumers = graph.consumers
    for position in graph.nodes.indices {
      let node = graph.nodes[position]
      guard node.op == "scale" || node.op == "quantize_gradient", GradientType(of: node) == type else {
        continue
      }
      let readers = (consumers[node.outputs[0]] ?? []).map { graph.nodes[$0] }
      let bits = try readers.map { try gradientBits(for: $0) }.min() ?? type.bits
      graph.nodes[position].attributes["bits"] = .int(min(bits, type.bits))
    }
    return graph
  }
}
