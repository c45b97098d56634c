import Graph

/// An ONNX graph made ready for translation: nodes sorted and uniquely named, constants collected,
/// `Identity` looked through, and everything dropped that no output needs.
struct ONNXModel {
  struct Input {
    var name: String
    /// The element type's number in ONNX.
    var type: Int
    var shape: [Int]
  }

  private(set) var nodes: [ONNXNode] = []
  private(set) var constants: [String: ONNXConstant] = [:]
  /// `nil` where the file has none or several (a problem).
  private(set) var input: Input?
  private(set) var outputs: [String] = []

  /// Everything wrong with the graph as such is added to `problems`.
  init(_ proto: ONNXModelProto, problems: inout [ImportProblem]) {
    let graph = proto.graph
    collectConstants(graph, &problems)
    nodes = namedNodes(graph)
    lookThroughIdentities(graph)
    readInterface(graph, &problems)
    checkWiring(graph, &problems)
    sort(&problems)
    dropUnneeded()
  }

  /// The operators and how many nodes each has, most frequent first: `Conv (43)`.
  var operatorSummary: [String] {
    var counts: [String: Int] = [:]
    for node in nodes { counts[node.op, default: 0] += 1 }
    return counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.key) (\($0.value))" }
  }

  private mutating func collectConstants(_ graph: ONNXGraphProto, _ problems: inout [ImportProblem]) {
    var tensors = graph.initializer.map { ($0.name, $0) }
    for node in graph.node where node.opType == "Constant" {
      guard let output = node.output.first else { continue }
      guard let tensor = node.constantValue else {
        problems.append(
          ImportProblem(.unsupported, "the value of Constant '\(output)' is of no supported kind"))
        continue
      }
      tensors.append((output, tensor))
    }
    for (name, tensor) in tensors {
      if constants[name] != nil {
        problems.append(ImportProblem(.structure, "two initializers are called '\(name)'"))
      }
      do {
        constants[name] = try ONNXConstant(tensor, name: name)
      } catch {
        problems.append(error)
      }
    }
  }

  /// All nodes but constants, each with a name of its own: a nameless one is called after its operator and
  /// position.
  private func namedNodes(_ graph: ONNXGraphProto) -> [ONNXNode] {
    var taken: Set<String> = []
    var named: [ONNXNode] = []
    for (position, node) in graph.node.enumerated() where node.opType != "Constant" {
      let base = node.name.isEmpty ? "\(node.opType)_\(position)" : node.name
      var name = base
      var number = 2
      while !taken.insert(name).inserted {
        name = "\(base).\(number)"
        number += 1
      }
      let attributes = Dictionary(node.attribute.map { ($0.name, $0) }) { first, _ in first }
      let op = node.domain.isEmpty || node.domain == "ai.onnx" ? node.opType : "\(node.domain).\(node.opType)"
      named.append(
        ONNXNode(name: name, op: op, inputs: node.input, outputs: node.output, attributes: attributes))
    }
    return named
  }

  /// Lets the readers of an `Identity` or an inference `Dropout` read its input instead.
  private mutating func lookThroughIdentities(_ graph: ONNXGraphProto) {
    var sources: [String: String] = [:]
    for node in nodes where node.op == "Identity" || node.op == "Dropout" {
      if let input = node.input(0), let output = node.outputs.first { sources[output] = input }
    }
    func source(of name: String) -> String {
      var name = name
      var visited: Set<String> = []
      while let next = sources[name], visited.insert(name).inserted { name = next }
      return name
    }
    for position in nodes.indices where nodes[position].op != "Identity" && nodes[position].op != "Dropout" {
      nodes[position].inputs = nodes[position].inputs.map(source)
    }
    outputs = graph.output.map { source(of: $0.name) }
  }

  private mutating func readInterface(_ graph: ONNXGraphProto, _ problems: inout [ImportProblem]) {
    let inputs = graph.input.filter { constants[$0.name] == nil }
    if inputs.count != 1 {
      let names = inputs.map { "'\($0.name)'" }.joined(separator: ", ")
      problems.append(
        ImportProblem(
          .unsupported, "the graph has \(inputs.count) inputs (\(names)), exactly one is supported"))
    } else {
      do {
        let shape = try inputShape(inputs[0])
        input = Input(name: inputs[0].name, type: Int(inputs[0].type.tensorType.elemType), shape: shape)
      } catch {
        problems.append(error)
      }
    }
    if outputs.count != 1 {
      let names = outputs.map { "'\($0)'" }.joined(separator: ", ")
      problems.append(
        ImportProblem(
          .unsupported, "the graph has \(outputs.count) outputs (\(names)), exactly one is supported"))
    }
  }

  /// The static shape of the graph's input; a batch dimension without a value is 1.
  private func inputShape(_ info: ONNXValueInfoProto) throws(ImportProblem) -> [Int] {
    guard info.type.hasTensorType, info.type.tensorType.hasShape else {
      throw ImportProblem(.shape, "the input '\(info.name)' states no shape")
    }
    var shape: [Int] = []
    for (axis, dim) in info.type.tensorType.shape.dim.enumerated() {
      if axis == 0, !dim.hasDimValue || dim.dimValue <= 0 {
        shape.append(1)
      } else if dim.hasDimValue, dim.dimValue > 0 {
        shape.append(Int(dim.dimValue))
      } else {
        let value = dim.hasDimParam ? "'\(dim.dimParam)'" : "\(dim.dimValue)"
        throw ImportProblem(
          .shape, "dimension \(axis) of the input '\(info.name)' is \(value); only the batch may be dynamic")
      }
    }
    guard elementCount(shape) != nil else {
      throw ImportProblem(.shape, "the input '\(info.name)' has the impossible shape \(shape)")
    }
    guard shape.first == 1 else {
      throw ImportProblem(.shape, "the input '\(info.name)' has the shape \(shape); the batch must be 1")
    }
    return shape
  }

  /// Every tensor must have exactly one source.
  private func checkWiring(_ graph: ONNXGraphProto, _ problems: inout [ImportProblem]) {
    var sources = Set(graph.input.map(\.name)).union(constants.keys).union(graph.initializer.map(\.name))
    for node in nodes {
      for output in node.outputs where !output.isEmpty && !sources.insert(output).inserted {
        problems.append(
          ImportProblem(
            .structure, "its output '\(output)' has another source too", layer: node.name, op: node.op))
      }
    }
    sources.formUnion(graph.node.flatMap { $0.opType == "Constant" ? $0.output : [] })
    for node in nodes {
      for input in Set(node.inputs).sorted() where !input.isEmpty && !sources.contains(input) {
        problems.append(
          ImportProblem(
            .structure, "its input '\(input)' is made by no node and is no initializer", layer: node.name,
            op: node.op))
      }
    }
    for output in outputs where !sources.contains(output) {
      problems.append(ImportProblem(.structure, "the graph's output '\(output)' is made by no node"))
    }
  }

  private mutating func sort(_ problems: inout [ImportProblem]) {
    var order = Graph(name: "")
    order.nodes = nodes.map { Node($0.name, $0.op, inputs: $0.inputs, outputs: $0.outputs) }
    do {
      let byName = Dictionary(nodes.map { ($0.name, $0) }) { first, _ in first }
      nodes = try order.topologicallySorted().nodes.compactMap { byName[$0.name] }
    } catch {
      problems.append(ImportProblem(.structure, error.description))
    }
  }

  private mutating func dropUnneeded() {
    var producers: [String: Int] = [:]
    for (position, node) in nodes.enumerated() {
      for output in node.outputs where !output.isEmpty { producers[output] = position }
    }
    var needed: Set<Int> = []
    var waiting = outputs.compactMap { producers[$0] }
    while let position = waiting.popLast() {
      guard needed.insert(position).inserted else { continue }
      waiting += nodes[position].inputs.compactMap { producers[$0] }
    }
    nodes = nodes.enumerated().filter { needed.contains($0.offset) }.map(\.element)
  }
}
