import Graph

/// mask ? x · scale : 0. Inputs: x, scale (one value or one per channel), mask or absent. An integer gradient
/// is narrowed to attribute `bits`.
let scaleGradient = OperatorDefinition(
  "scale",
  outputTypes: { node, graph in gradientTypes(node, try graph.tensor(node.inputs[0]).shape) },
  lower: { node, graph in
    let x = try graph.tensor(node.inputs[0])
    let channels = try graph.tensor(node.inputs[1]).count
    let batch = channels == 1 ? 1 : x.shape[0]
    guard channels == 1 || channels == x.shape[1] else {
      throw OperatorError(node, "\(channels) scales do not fit \(x.shape[1]) channels")
    }
    let planes = [
      KernelArgument("batch", batch), .init("channels", channels),
      .init("plane", x.count / (batch * channels)),
    ]
    let type = GradientType(of: node)
    var factors = Operand.tensor(node.inputs[1])
    var (arguments, argumentType) = (planes, "tinysdk_planes_args")
    if type != .float32 {
      let fixed = fixedPointFactors(try graph.tensor(node.inputs[1]).float32Data)
      factors = .table(
        ConstantTable(name: "\(node.name).factors", element: .int16, bytes: littleEndianBytes(fixed.factors)))
      arguments += [.init("bits", node.int("bits")), .init("factor_exponent", fixed.exponent)]
      argumentType = "tinysdk_scale_gradient_args"
    }
    return KernelCall(
      "tinysdk_scale_\(type.suffix)", argumentType: argumentType, arguments: arguments,
      operands: gradientOperands(node, x.name) + [optionalOperand(node.input(2)), factors]
        + gradientOperands(node, node.outputs[0]),
      inPlace: [InPlacePair(input: x.name, output: node.outputs[0])])
  })

/// The sum of two gradients of one tensor.
let accumulate = OperatorDefinition(
  "accumulate",
  outputTypes: { node, graph in gradientTypes(node, try graph.tensor(node.inputs[0]).shape) },
  lower: { node, graph in
    KernelCall(
      "tinysdk_accumulate_\(GradientType(of: node).suffix)", argumentType: "tinysdk_count_args",
      arguments: [.init("count", try graph.tensor(node.inputs[0]).count)],
      operands: [node.inputs[0], node.inputs[1], node.outputs[0]].flatMap { gradientOperands(node, $0) },
      inPlace: node.inputs.prefix(2).map { InPlacePair(input: $0, output: node.outputs[0]) })
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
