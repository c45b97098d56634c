import Graph

/// mask ? x · scale : 0, in float32. Inputs: x, scale (one value or one per channel), mask or absent.
let scaleGradient = OperatorDefinition(
  "scale",
  outputTypes: { node, graph in [TensorType(.float32, try graph.tensor(node.inputs[0]).shape)] },
  lower: { node, graph in
    let x = try graph.tensor(node.inputs[0])
    let channels = try graph.tensor(node.inputs[1]).count
    let batch = channels == 1 ? 1 : x.shape[0]
    guard channels == 1 || channels == x.shape[1] else {
      throw OperatorError(node, "\(channels) scales do not fit \(x.shape[1]) channels")
    }
    return KernelCall(
      "tinysdk_scale_f32", argumentType: "tinysdk_planes_args",
      arguments: [
        .init("batch", batch), .init("channels", channels), .init("plane", x.count / (batch * channels)),
      ],
      operands: [
        .tensor(x.name), optionalOperand(node.input(2)), .tensor(node.inputs[1]), .tensor(node.outputs[0]),
      ],
      inPlace: [InPlacePair(input: x.name, output: node.outputs[0])])
  })

/// The sum of two gradients of one tensor.
let accumulate = OperatorDefinition(
  "accumulate",
  outputTypes: { node, graph in [TensorType(.float32, try graph.tensor(node.inputs[0]).shape)] },
  lower: { node, graph in
    KernelCall(
      "tinysdk_accumulate_f32", argumentType: "tinysdk_count_args",
      arguments: [.init("count", try graph.tensor(node.inputs[0]).count)],
      operands: (node.inputs + node.outputs).map(Operand.tensor),
      inPlace: node.inputs.map { InPlacePair(input: $0, output: node.outputs[0]) })
  })

/// The planes of x that attribute `channels` lists, one after the other: what a partial weight update keeps
/// of its input. With attribute `flat`, every element is a plane of its own (a dense layer's input).
let gatherPlanes = OperatorDefinition(
  "gather_planes",
  outputTypes: { node, graph in
    let shape = gatheredShape(node, try graph.tensor(node.inputs[0]))
    return [TensorType(.int8, [shape[0], node.ints("channels").count] + shape.dropFirst(2))]
  },
  lower: { node, graph in
    let shape = gatheredShape(node, try graph.tensor(node.inputs[0]))
    let channels = node.ints("channels")
    let order = ConstantTable(
      name: "\(node.name).channels", element: .uint16, bytes: littleEndianBytes(channels.map(UInt16.init)))
    return KernelCall(
      "tinysdk_gather_planes_s8", argumentType: "tinysdk_gather_args",
      arguments: [
        .init("batch", shape[0]), .init("in_channels", shape[1]), .init("channels", channels.count),
        .init("plane", shape.dropFirst(2).reduce(1, *)),
      ],
      operands: [.tensor(node.inputs[0]), .table(order), .tensor(node.outputs[0])])
  })

/// x as [N, planes, …].
private func gatheredShape(_ node: Node, _ x: Tensor) -> [Int] {
  node.int("flat") == 1 ? [x.shape[0], x.count / x.shape[0]] : x.shape
}
