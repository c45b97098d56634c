import Graph
import Operators

/// How an int8 weight keeps what one step moves it by less than 1.
public enum Residual: String, Sendable, Codable, CaseIterable {
  /// 8 fractional bits beside each weight: nothing is lost.
  case eightBits = "8"
  /// 4 fractional bits, two weights to a byte.
  case fourBits = "4"
  /// Rounding to nearest, no memory.
  case none = "0"
  /// Rounding up or down by chance, right on average: no memory but a counter.
  case stochastic
}

/// Makes the chosen weights and biases trainable state and appends their updates; the head always learns.
///
/// A layer of which only some input channels learn gets two weight tensors: `NAME.trained` in the state,
/// the rest stays in flash.
func chooseUpdates(_ graph: Graph, _ scheme: UpdateScheme, residual: Residual) throws -> Graph {
  let layers = try updatableLayers(of: graph)
  try check(scheme, layers: layers)
  var choice = UpdateChoice(graph: graph, residual: residual)
  try choice.graph.define(Tensor(ControlTensor.learningRate, .float32, [1], role: .control))
  try choice.trainHead()
  // Backwards, and biases first: a split inserts a node, which moves the layers behind it.
  for (index, layer) in layers.enumerated().reversed() {
    if scheme.biases.contains(index), let bias = layer.bias { try choice.trainBias(bias, of: layer) }
    if let channels = scheme.weights[index] {
      try choice.train(layer, channels: try chosenChannels(channels, of: layer, graph))
    }
  }
  if choice.graph.contains(ControlTensor.stepCounter) { try choice.graph.countSteps() }
  return choice.graph
}

/// The graph while parameters are being chosen.
private struct UpdateChoice {
  var graph: Graph
  let residual: Residual
  /// Streams of random numbers given out.
  private var streams = 0

  init(graph: Graph, residual: Residual) {
    self.graph = graph
    self.residual = residual
  }

  /// The position of the node that computes the gradient of `parameter`.
  private func gradientNode(of parameter: String) throws -> Int {
    let positions = graph.nodes.indices.filter {
      graph.nodes[$0].attributes["parameter"] == .string(parameter)
    }
    let readers = graph.nodes.count { $0.phase == .forward && $0.inputs.contains(parameter) }
    guard positions.count == 1, readers <= 1 else { throw CompilerError.sharedParameter(parameter) }
    return positions[0]
  }

  mutating func trainHead() throws {
    guard let position = headNode(of: graph) else { return }
    guard let layer = try linearLayers(of: graph).first(where: { $0.node == position }) else { return }
    try train(layer, channels: Array(0..<layer.inputChannels))
    if let bias = layer.bias { try trainBias(bias, of: layer) }
  }

  private mutating func trainFloat(_ parameter: String, _ layer: String) throws {
    let gradient = graph.nodes[try gradientNode(of: parameter)].outputs[0]
    try graph.update(parameter) { $0.role = .parameter }
    append("update_float32", parameter, layer, inputs: [gradient, parameter, ControlTensor.learningRate])
  }

  mutating func trainBias(_ bias: String, of layer: UpdatableLayer) throws {
    if layer.isFloat { return try trainFloat(bias, layer.name) }
    let gradient = graph.nodes[try gradientNode(of: bias)].outputs[0]
    try graph.update(bias) { $0.role = .parameter }
    let scale = try scalingTensor(layer, bias: true)
    append("update_int32", bias, layer.name, inputs: [gradient, bias, scale, ControlTensor.learningRate])
  }

  mutating func train(_ layer: UpdatableLayer, channels: [Int]) throws {
    guard !channels.isEmpty else { return }
    if layer.isFloat { return try trainFloat(layer.weight, layer.name) }
    let gradientPosition = try gradientNode(of: layer.weight)
    let scale = try scalingTensor(layer, bias: false)
    var trained = layer.weight
    if channels.count == layer.inputChannels {
      try graph.update(trained) {
        $0.role = .parameter
        $0.data = $0.data.map(symmetric)
      }
    } else {
      trained = try split(layer, channels: channels, gradientPosition: gradientPosition)
    }
    let gradient = graph.nodes[try gradientNode(of: layer.weight)].outputs[0]
    var inputs = [gradient, trained, scale, ControlTensor.learningRate]
    var attributes: [String: Attribute] = ["rule": .string(residual.rawValue)]
    switch residual {
    case .eightBits, .fourBits: inputs.append(try residualTensor(of: trained))
    case .none: break
    case .stochastic:
      try graph.countSteps()
      inputs += ["", ControlTensor.stepCounter]
      attributes["stream"] = .int(streams)
      streams += 1
    }
    append("update_int8", trained, layer.name, inputs: inputs, attributes: attributes)
  }

  private mutating func append(
    _ op: String, _ parameter: String, _ layer: String, inputs: [String],
    attributes: [String: Attribute] = [:]
  ) {
    graph.nodes.append(
      Node(
        "\(parameter).update", op, inputs: inputs, outputs: [], attributes: attributes, phase: .update,
        layer: layer))
  }

  private mutating func residualTensor(of weight: String) throws -> String {
    let name = graph.freeTensorName("\(weight).residual")
    let shape = try graph.tensor(weight).shape
    try graph.define(
      residual == .fourBits
        ? Tensor(name, .uint8, [(shape.reduce(1, *) + 1) / 2], role: .parameter)
        : Tensor(name, .int8, shape, role: .parameter))
    return name
  }

  /// Quantization-aware scaling: 1 / w_scale² for weights, 1 / (x_scale · w_scale)² for biases (paper,
  /// section 3.1).
  private mutating func scalingTensor(_ layer: UpdatableLayer, bias: Bool) throws -> String {
    let node = graph.nodes[layer.node]
    let channels = try graph.tensor(node.outputs[0]).shape[1]
    let weight = try graph.tensor(layer.weight).quantization
    let inputScale = bias ? try graph.tensor(node.inputs[0]).quantization?.scale ?? 1 : 1
    let values = (0..<channels).map { channel in
      let scale = (weight?.scale(ofChannel: channel) ?? 1) * inputScale
      return Float(min(1 / (scale * scale), Double(Float.greatestFiniteMagnitude)))
    }
    let name = graph.freeTensorName("\(layer.name).\(bias ? "bias" : "weight")_scaling")
    try graph.define(Tensor(name, .float32, [channels], role: .constant, data: littleEndianBytes(values)))
    return name
  }

  /// Divides a layer's weight in two and rewires the nodes that use it. Returns the learning part's name.
  private mutating func split(_ layer: UpdatableLayer, channels: [Int], gradientPosition: Int) throws
    -> String
  {
    let weight = try graph.tensor(layer.weight)
    let learning = Set(channels)
    let frozen = (0..<layer.inputChannels).filter { !learning.contains($0) }
    let (trainedName, frozenName) = (
      graph.freeTensorName("\(weight.name).trained"), graph.freeTensorName("\(weight.name).frozen")
    )
    try graph.define(part(of: weight, layer, frozen, named: frozenName, role: .constant))
    try graph.define(part(of: weight, layer, channels, named: trainedName, role: .parameter))
    for position in graph.nodes.indices where graph.nodes[position].input(1) == weight.name {
      let isForward = graph.nodes[position].phase == .forward
      while graph.nodes[position].inputs.count < (isForward ? 4 : 3) {
        graph.nodes[position].inputs.append("")
      }
      graph.nodes[position].inputs[1] = frozenName
      graph.nodes[position].inputs[isForward ? 3 : 2] = trainedName
      graph.nodes[position].attributes["trained"] = .ints(channels)
    }
    try saveOnly(channels, layer, gradientPosition: gradientPosition)
    return trainedName
  }

  /// The weight gradient reads a copy of the learning channels' planes instead of the whole input.
  private mutating func saveOnly(_ channels: [Int], _ layer: UpdatableLayer, gradientPosition: Int) throws {
    graph.nodes[gradientPosition].attributes["trained"] = .ints(channels)
    let gradient = graph.nodes[gradientPosition]
    let definition = try operatorDefinition(of: gradient)
    let gradientShape = try definition.outputTypes(gradient, graph)[0].shape
    try graph.update(gradient.outputs[0]) { $0.shape = gradientShape }
    let input = try graph.tensor(gradient.inputs[1])
    let groups = layer.isDepthwise ? 1 : graph.nodes[layer.node].int("groups", default: 1)
    let planes = (0..<groups).flatMap { group in channels.map { group * layer.inputChannels + $0 } }
    let name = graph.freeTensorName("\(layer.name).saved")
    let isFlat = layer.op == "dense"
    let shape = [input.shape[0], planes.count] + (isFlat ? [] : input.shape.dropFirst(2))
    try graph.define(Tensor(name, .int8, shape, quantization: input.quantization))
    graph.nodes[gradientPosition].inputs[1] = name
    graph.nodes.insert(
      Node(
        name, "gather_planes", inputs: [input.name], outputs: [name],
        attributes: ["channels": .ints(planes), "flat": .int(isFlat ? 1 : 0)],
        layer: layer.name),
      at: layer.node)
  }

  /// The given positions of a weight's input-channel axis, densely packed.
  private func part(
    of weight: Tensor, _ layer: UpdatableLayer, _ positions: [Int], named name: String, role: Tensor.Role
  ) -> Tensor {
    let (outer, axis, inner) = weightAxes(of: layer, weight: weight)
    let data = weight.data ?? []
    var bytes: [UInt8] = []
    bytes.reserveCapacity(outer * positions.count * inner)
    for out in 0..<outer {
      for position in positions {
        let start = (out * axis + position) * inner
        bytes.append(contentsOf: data[start..<(start + inner)])
      }
    }
    var tensor = weight
    tensor.name = name
    tensor.role = role
    tensor.data = role == .parameter ? symmetric(bytes) : bytes
    if layer.isDepthwise {
      tensor.shape[0] = weight.shape[0] / axis * positions.count
    } else {
      tensor.shape[1] = positions.count
    }
    return tensor
  }
}

/// Weights that learn stay within ±127.
private func symmetric(_ data: [UInt8]) -> [UInt8] { data.map { $0 == 0x80 ? 0x81 : $0 } }
