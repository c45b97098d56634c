import Graph

/// Builds small int8 networks with random weights, layer by layer, for tests.
public struct NetworkBuilder {
  public private(set) var graph: Graph
  /// The tensor that the next layer reads.
  public private(set) var last: String
  private var generator: SeededGenerator
  private var count = 0

  public init(_ name: String, input: [Int], seed: UInt64 = 1) throws {
    graph = Graph(name: name)
    last = "input"
    generator = SeededGenerator(seed: seed)
    try graph.define(
      Tensor("input", .int8, [1] + input, quantization: .perTensor(scale: 0.02, zeroPoint: -5), role: .input))
  }

  private mutating func name(_ base: String) -> String {
    defer { count += 1 }
    return "\(base)\(count)"
  }

  private mutating func weight(_ name: String, _ shape: [Int], zero: Int = 0) throws {
    let values = (0..<shape.reduce(1, *)).map { _ in Int8.random(in: -127...127, using: &generator) }
    let scales = (0..<shape[0]).map { _ in Double(Float(Double.random(in: 0.002...0.006, using: &generator)))
    }
    try graph.define(
      Tensor(
        name, .int8, shape,
        quantization: Quantization(
          scales: scales, zeroPoints: Array(repeating: zero, count: shape[0]), axis: 0),
        role: .constant, data: values.map { UInt8(bitPattern: $0) }))
  }

  private mutating func bias(_ name: String, _ count: Int) throws {
    let values = (0..<count).map { _ in Int32.random(in: -3000...3000, using: &generator) }
    try graph.define(Tensor(name, .int32, [count], role: .constant, data: littleEndianBytes(values)))
  }

  private mutating func output(_ name: String, _ shape: [Int], like other: Quantization? = nil) throws {
    let quantization =
      other ?? .perTensor(scale: 0.031, zeroPoint: Int.random(in: -30...10, using: &generator))
    try graph.define(Tensor(name, .int8, shape, quantization: quantization))
    last = name
  }

  /// A convolution; groups equal to the input channels make it depthwise.
  @discardableResult
  public mutating func convolution(
    _ channels: Int, kernel: [Int] = [1, 1], strides: [Int] = [1, 1], pads: [Int] = [0, 0, 0, 0],
    dilations: [Int] = [1, 1], groups: Int = 1, weightZero: Int = 0, clamp: [Int] = [-128, 127],
    from source: String? = nil
  ) throws -> String {
    let input = try graph.tensor(source ?? last)
    let layer = name("conv")
    try weight("\(layer).weight", [channels, input.shape[1] / groups] + kernel, zero: weightZero)
    try bias("\(layer).bias", channels)
    let size = outputSize(input.shape, kernel, strides, pads, dilations)
    try output("\(layer).out", [1, channels] + size)
    graph.nodes.append(
      Node(
        layer, "conv2d", inputs: [input.name, "\(layer).weight", "\(layer).bias"], outputs: [last],
        attributes: [
          "strides": .ints(strides), "pads": .ints(pads), "dilations": .ints(dilations),
          "groups": .int(groups),
          "rounding": "tflite", "clamp": .ints(clamp),
        ]))
    return last
  }

  /// The sum of two tensors of one shape.
  @discardableResult
  public mutating func add(_ a: String, _ b: String) throws -> String {
    let layer = name("add")
    try output("\(layer).out", try graph.tensor(a).shape)
    graph.nodes.append(
      Node(layer, "add", inputs: [a, b], outputs: [last], attributes: ["rounding": "tflite"]))
    return last
  }

  /// `average_pool2d` or `max_pool2d`; without a kernel, over the whole plane.
  public mutating func pool(
    _ op: String, kernel: [Int]? = nil, strides: [Int] = [1, 1], pads: [Int] = [0, 0, 0, 0],
    countPadding: Bool = false
  ) throws {
    let input = try graph.tensor(last)
    let layer = name("pool")
    let window = kernel ?? Array(input.shape[2...])
    let size = outputSize(input.shape, window, strides, pads, [1, 1])
    let source = last
    try output("\(layer).out", [1, input.shape[1]] + size, like: input.quantization)
    graph.nodes.append(
      Node(
        layer, op, inputs: [source], outputs: [last],
        attributes: [
          "kernel": .ints(window), "strides": .ints(strides), "pads": .ints(pads),
          "count_padding": .int(countPadding ? 1 : 0),
        ]))
  }

  /// An int8 fully connected layer.
  public mutating func dense(_ outputs: Int) throws {
    let input = try graph.tensor(last)
    let layer = name("dense")
    try weight("\(layer).weight", [outputs, input.count])
    try bias("\(layer).bias", outputs)
    try output("\(layer).out", [1, outputs])
    graph.nodes.append(
      Node(
        layer, "dense", inputs: [input.name, "\(layer).weight", "\(layer).bias"], outputs: [last],
        attributes: ["rounding": "tflite"]))
  }

  /// int8 to int8 of another scale.
  public mutating func requantize() throws {
    let input = try graph.tensor(last)
    let layer = name("requantize")
    try output("\(layer).out", input.shape)
    graph.nodes.append(
      Node(layer, "requantize", inputs: [input.name], outputs: [last], attributes: ["rounding": "tflite"]))
  }

  /// Dequantizes the last tensor and makes it the network's output.
  public mutating func finish() throws -> Graph {
    let input = try graph.tensor(last)
    try graph.define(Tensor("logits", .float32, input.shape))
    graph.nodes.append(Node("dequantize", "dequantize", inputs: [last], outputs: ["logits"]))
    graph.outputs = ["logits"]
    return graph
  }
}

/// Height and width behind a window.
private func outputSize(
  _ input: [Int], _ kernel: [Int], _ strides: [Int], _ pads: [Int], _ dilations: [Int]
) -> [Int] {
  (0..<2).map { axis in
    let padded: Int = input[2 + axis] + pads[axis] + pads[2 + axis]
    let extent: Int = dilations[axis] * (kernel[axis] - 1) + 1
    return (padded - extent) / strides[axis] + 1
  }
}

/// A network with one of everything: strides, groups, dilation, a depthwise block with a skip, both poolings.
public func networkOfEverything(seed: UInt64 = 1) throws -> Graph {
  var builder = try NetworkBuilder("everything", input: [3, 12, 12], seed: seed)
  try builder.convolution(8, kernel: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1])
  let skip = try builder.convolution(8, clamp: [-128, 90])
  try builder.convolution(16)
  try builder.convolution(16, kernel: [3, 3], pads: [1, 1, 1, 1], groups: 16)
  try builder.convolution(8)
  try builder.add(skip, builder.last)
  try builder.convolution(
    8, kernel: [2, 3], pads: [0, 2, 1, 2], dilations: [1, 2], groups: 2, weightZero: 3)
  try builder.pool("max_pool2d", kernel: [2, 2], strides: [2, 2], pads: [0, 0, 1, 1])
  try builder.convolution(16, kernel: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1], groups: 8)
  try builder.requantize()
  try builder.pool("average_pool2d", kernel: [2, 1], strides: [1, 1])
  try builder.dense(12)
  try builder.dense(5)
  return try builder.finish()
}
