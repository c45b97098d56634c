import Graph

/// The network of a tiny-training pickle while its graph is made: a convolution, inverted residual blocks,
/// a global average and a 1×1 convolution as classifier.
struct TinyTrainingNetwork {
  private(set) var graph: Graph
  private let pickle: Pickle
  /// The tensor that the next layer reads.
  private var current = "input"

  init(_ pickle: Pickle, name: String) {
    self.pickle = pickle
    graph = Graph(name: name)
  }

  mutating func build() throws(ImportProblem) {
    let root = TinyTrainingEntry(pickle, pickle.root, "the file")
    let first = try root.entry("first_conv")
    try defineInput(first)
    try convolve(first, "first_conv")
    for (position, block) in try root.list("blocks").enumerated() { try append(block, "blocks.\(position)") }
    if let mix = try root.optionalEntry("feature_mix") { try convolve(mix, "feature_mix") }
    try average()
    try convolve(try root.entry("classifier"), "classifier")
    try appendLogits()
  }

  private mutating func defineInput(_ first: TinyTrainingEntry) throws(ImportProblem) {
    let size = try first.int("in_shape")
    let parameters = try first.entry("params")
    try define(
      Tensor(
        current, .int8, [1, try first.int("in_channel"), size, size],
        quantization: try parameters.quantization("x"), role: .input))
  }

  private mutating func append(_ block: TinyTrainingEntry, _ name: String) throws(ImportProblem) {
    let shortcut = current
    try block.expectNone("se")
    for part in ["pointwise1", "depthwise", "pointwise2"] {
      if let layer = try block.optionalEntry(part) { try convolve(layer, "\(name).\(part)") }
    }
    guard let residual = try block.optionalEntry("residual") else { return }
    let parameters = try residual.entry("params")
    try check(parameters, reads: shortcut)
    let (a, b) = (try tensor(shortcut), try tensor(current))
    guard a.shape == b.shape else {
      throw ImportProblem(.shape, "'\(name).add' adds \(a.shape) and \(b.shape)")
    }
    try append(
      "\(name).add", "add", inputs: [shortcut, current], shape: a.shape,
      quantization: try parameters.quantization("y"),
      attributes: ["rounding": "tflite", "clamp": [-128, 127]])
  }

  private mutating func convolve(_ layer: TinyTrainingEntry, _ name: String) throws(ImportProblem) {
    try layer.expectNone("act")
    let parameters = try layer.entry("params")
    try check(parameters, reads: current)
    let weight = try parameters.array("weight", "i1")
    let input = try tensor(current).shape
    let groups = try layer.int("groups")
    let stride = try layer.int("stride")
    guard weight.shape.count == 4, weight.shape.allSatisfy({ $0 > 0 }), groups > 0, stride > 0,
      weight.shape[0] % groups == 0, input[1] % groups == 0, weight.shape[1] == input[1] / groups
    else {
      throw ImportProblem(
        .shape, "'\(name)': weight \(weight.shape), stride \(stride) and \(groups) groups do not fit \(input)"
      )
    }
    let pads = weight.shape[2...].map { ($0 - 1) / 2 }
    let room = (0..<2).map { axis -> Int in
      let padded = input[2 + axis] + 2 * pads[axis]
      return padded - weight.shape[2 + axis]
    }
    guard room.allSatisfy({ $0 >= 0 }) else {
      throw ImportProblem(
        .shape, "'\(name)': weight \(weight.shape) is larger than the padded input \(input)")
    }
    try defineConstants(name, parameters, weight)
    try append(
      name, "conv2d", inputs: [current, "\(name).weight", "\(name).bias"],
      shape: [1, weight.shape[0]] + room.map { $0 / stride + 1 },
      quantization: try parameters.quantization("y"),
      attributes: [
        "clamp": [-128, 127], "dilations": [1, 1], "groups": .int(groups), "pads": .ints(pads + pads),
        "rounding": "tflite", "strides": .ints([stride, stride]),
      ])
  }

  private mutating func defineConstants(
    _ name: String, _ parameters: TinyTrainingEntry, _ weight: PickledArray
  ) throws(ImportProblem) {
    let channels = weight.shape[0]
    let bias = try parameters.array("bias", "i4")
    let scaleArray = try parameters.array("w_scales", "f4")
    guard bias.shape == [channels], scaleArray.shape == [channels] else {
      throw ImportProblem(
        .shape, "'\(name)' has \(channels) channels, its bias \(bias.shape), its w_scales \(scaleArray.shape)"
      )
    }
    let patterns: [UInt32] = integers(of: scaleArray.bytes)
    let scales = patterns.map { Double(Float(bitPattern: $0)) }
    if let faulty = scales.firstIndex(where: { !($0 > 0 && $0.isFinite) }) {
      throw ImportProblem(
        .quantization,
        "'\(name)': the scale of channel \(faulty) is \(scales[faulty]); it must be positive and finite")
    }
    let inputScale = try parameters.quantization("x").scale
    let zeros = [Int](repeating: 0, count: channels)
    try define(
      Tensor(
        "\(name).weight", .int8, weight.shape,
        quantization: Quantization(scales: scales, zeroPoints: zeros, axis: 0), role: .constant,
        data: weight.bytes))
    try define(
      Tensor(
        "\(name).bias", .int32, [channels],
        quantization: Quantization(scales: scales.map { $0 * inputScale }, zeroPoints: zeros, axis: 0),
        role: .constant, data: bias.bytes))
  }

  private mutating func average() throws(ImportProblem) {
    let input = try tensor(current)
    guard let quantization = input.quantization else { return }
    try append(
      "avgpool", "average_pool2d", inputs: [current], shape: [1, input.shape[1], 1, 1],
      quantization: quantization,
      attributes: [
        "clamp": [-128, 127], "count_padding": 0, "kernel": .ints(Array(input.shape[2...])),
        "pads": [0, 0, 0, 0],
        "rounding": "tflite", "strides": [1, 1],
      ])
  }

  private mutating func appendLogits() throws(ImportProblem) {
    let scores = try tensor(current)
    let real = "\(current)_f"
    try define(Tensor(real, .float32, scores.shape))
    try define(Tensor("logits", .float32, [1, scores.count]))
    graph.nodes.append(Node("\(current)_dq", "dequantize", inputs: [current], outputs: [real]))
    graph.nodes.append(Node("flatten", "reshape", inputs: [real], outputs: ["logits"]))
    graph.outputs = ["logits"]
  }

  // MARK: Writing the graph

  /// Adds a layer that writes `name.out` and makes that the next layer's input.
  private mutating func append(
    _ name: String, _ op: String, inputs: [String], shape: [Int], quantization: Quantization,
    attributes: [String: Attribute]
  ) throws(ImportProblem) {
    let output = "\(name).out"
    try define(Tensor(output, .int8, shape, quantization: quantization))
    graph.nodes.append(Node(name, op, inputs: inputs, outputs: [output], attributes: attributes))
    current = output
  }

  /// A layer must read its input with the scale and zero point that it was written with.
  private func check(_ parameters: TinyTrainingEntry, reads name: String) throws(ImportProblem) {
    let found = try parameters.quantization("x")
    guard found == (try tensor(name).quantization) else {
      throw ImportProblem(
        .quantization,
        "\(parameters.path) reads '\(name)' with another scale or zero point than it is written with")
    }
  }

  private func tensor(_ name: String) throws(ImportProblem) -> Tensor {
    do {
      return try graph.tensor(name)
    } catch {
      throw ImportProblem(.structure, error.description)
    }
  }

  private mutating func define(_ tensor: Tensor) throws(ImportProblem) {
    guard tensor.shape.allSatisfy({ $0 > 0 }), elementCount(tensor.shape) != nil else {
      throw ImportProblem(.shape, "'\(tensor.name)' would have the shape \(tensor.shape)")
    }
    do {
      try graph.define(tensor)
    } catch {
      throw ImportProblem(.structure, error.description)
    }
  }
}
