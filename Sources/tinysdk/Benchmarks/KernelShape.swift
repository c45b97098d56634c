import Boards
import Compiler
import Graph
import Operators
import Training

/// One operator of one shape, as a program of its own.
package struct KernelShape: Equatable, Sendable {
  package enum Operator: String, Sendable, CaseIterable {
    case convolution = "conv2d"
    case depthwise, dense, add
    case averagePool = "average_pool2d"
    case maxPool = "max_pool2d"
  }

  /// What another engine needs for it.
  package struct Peer: Equatable, Sendable {
    package var name: String
    /// By core.
    package var instructions: [String: Int]
  }

  package var name: String
  package var kind: Operator
  /// Channels, height and width; for `dense` the inputs alone.
  package var input: [Int]
  /// Output channels of `conv2d` and `dense`.
  package var outputs: Int?
  /// The side of a square window; convolutions pad by half of it.
  package var kernel: Int
  package var stride: Int
  package var peers: [Peer]

  init(_ node: ConfigurationNode) {
    name = node["name"]?.text ?? ""
    kind = node["operator"]?.text.flatMap(Operator.init) ?? .convolution
    input = (node["input"]?.elements ?? []).compactMap(\.count)
    outputs = node["outputs"]?.count
    kernel = node["kernel"]?.count ?? 1
    stride = node["stride"]?.count ?? 1
    peers = (node["peers"]?.elements ?? []).map { peer in
      Peer(
        name: peer["name"]?.text ?? "",
        instructions: Dictionary(
          (peer["instructions"]?.entries ?? []).map { ($0.key, $0.value.count ?? 0) },
          uniquingKeysWith: { $1 }))
    }
  }

  /// What no program can be made of.
  var problem: String? {
    let sizes = kind == .dense ? 1 : 3
    if input.count != sizes { return "'input' needs \(sizes) sizes, it has \(input.count)" }
    if input.contains(0) || kernel < 1 || stride < 1 { return "sizes are 1 or more" }
    let needsOutputs = kind == .convolution || kind == .dense
    if needsOutputs, outputs ?? 0 < 1 { return "'outputs' is missing" }
    if !needsOutputs, outputs != nil { return "'outputs' follows from 'input' here" }
    let padded = (input.dropFirst().min() ?? kernel) + 2 * padding
    return padded < kernel ? "the kernel is larger than the input" : nil
  }

  private var padding: Int { kind == .convolution || kind == .depthwise ? kernel / 2 : 0 }

  /// The operator with random weights, reading a constant of random values.
  /// - Throws: `GraphError`
  package func graph() throws -> Graph {
    var builder = ShapeBuilder(name: name)
    try builder.constant("input", [1] + input, scale: 0.02, zeroPoint: -128)
    var node = Node(name, kind.rawValue, inputs: ["input"], outputs: ["output"])
    let window: [String: Attribute] = [
      "strides": .ints([stride, stride]), "pads": .ints(Array(repeating: padding, count: 4)),
    ]
    var output = [1, outputs ?? input[0]]
    switch kind {
    case .convolution, .depthwise:
      let channels = output[1]
      let perGroup = kind == .depthwise ? 1 : input[0]
      node.op = "conv2d"
      node.attributes = window.merging([
        "dilations": .ints([1, 1]), "groups": .int(input[0] / perGroup),
      ]) { $1 }
      try builder.weights(channels, [perGroup, kernel, kernel])
      node.inputs += ["weight", "bias"]
      output += input.dropFirst().map { ($0 + 2 * padding - kernel) / stride + 1 }
    case .dense:
      try builder.weights(output[1], input)
      node.inputs += ["weight", "bias"]
    case .add:
      try builder.constant("second", [1] + input, scale: 0.03, zeroPoint: 3)
      node.inputs.append("second")
      output = [1] + input
    case .averagePool, .maxPool:
      node.attributes = window.merging(["kernel": .ints([kernel, kernel]), "count_padding": .int(0)]) { $1 }
      output += input.dropFirst().map { ($0 - kernel) / stride + 1 }
    }
    let isPool = kind == .averagePool || kind == .maxPool
    return try builder.finish(node, output: output, scale: isPool ? 0.02 : 0.04)
  }

  /// What `work` counts.
  package var unit: String {
    switch kind {
    case .convolution, .depthwise, .dense: "MAC"
    case .add, .averagePool, .maxPool: "element"
    }
  }

  /// Multiply-accumulates; elements read from one input where there are none.
  package func work(_ step: Step) -> Int { step.macs > 0 ? step.macs : input.reduce(1, *) }
}

/// Makes the tensors of a one-operator program from a fixed sequence.
private struct ShapeBuilder {
  private var graph: Graph
  private var sequence = SplitMix64(state: 1)

  init(name: String) { graph = Graph(name: name) }

  private mutating func random(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + Int(sequence.next() >> 33) % range.count
  }

  private mutating func bytes(_ count: Int, _ range: ClosedRange<Int>) -> [UInt8] {
    (0..<count).map { _ in UInt8(truncatingIfNeeded: random(range)) }
  }

  mutating func constant(_ name: String, _ shape: [Int], scale: Double, zeroPoint: Int) throws {
    try graph.define(
      Tensor(
        name, .int8, shape, quantization: .perTensor(scale: scale, zeroPoint: zeroPoint), role: .constant,
        data: bytes(shape.reduce(1, *), -128...127)))
  }

  /// Weights within ±127 and a bias.
  mutating func weights(_ outputs: Int, _ shape: [Int]) throws {
    let quantization = Quantization(
      scales: (0..<outputs).map { 0.002 + 0.0001 * Double($0 % 32) },
      zeroPoints: Array(repeating: 0, count: outputs), axis: 0)
    try graph.define(
      Tensor(
        "weight", .int8, [outputs] + shape, quantization: quantization, role: .constant,
        data: bytes(outputs * shape.reduce(1, *), -127...127)))
    let bias = (0..<outputs).map { _ in Int32(random(-3000...3000)) }
    try graph.define(Tensor("bias", .int32, [outputs], role: .constant, data: littleEndianBytes(bias)))
  }

  mutating func finish(_ node: Node, output: [Int], scale: Double) throws -> Graph {
    try graph.define(
      Tensor("output", .int8, output, quantization: .perTensor(scale: scale, zeroPoint: -128)))
    graph.nodes = [node]
    graph.outputs = ["output"]
    return graph
  }
}
