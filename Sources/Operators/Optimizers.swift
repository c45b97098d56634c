import Graph

// What stands between a gradient held whole and its update. Gradients are float32 and keep their shape.

/// `out_count` and `inner` of a parameter's gradient: its first axis, and the rest.
private func channelArguments(_ tensor: Tensor) -> [KernelArgument] {
  [.init("out_count", tensor.shape[0]), .init("inner", tensor.shape.dropFirst().reduce(1, *))]
}

private func likeFirstInput(_ node: Node, _ graph: Graph) throws -> [TensorType] {
  [TensorType(.float32, try graph.tensor(node.inputs[0]).shape)]
}

/// The rate of this step by attribute `schedule` (constant, step or cosine). Inputs: rate, step counter.
let scheduleRate = OperatorDefinition(
  "schedule_rate", outputTypes: { _, _ in [TensorType(.float32, [1])] },
  lower: { node, _ in
    KernelCall(
      "tinysdk_schedule_\(node.string("schedule"))", argumentType: "tinysdk_schedule_args",
      arguments: [
        .init("warm_up", node.int("warm_up")), .init("steps", node.int("steps")),
        .init("every", node.int("decay_every", default: 1)),
        .init("factor", Float(node.float("factor", default: 1))),
      ],
      operands: (node.inputs + node.outputs).map(Operand.tensor))
  })

/// The rate of one layer: rate · factor. Inputs: rate, factor.
let scaleRate = OperatorDefinition(
  "scale_rate", outputTypes: { _, _ in [TensorType(.float32, [1])] },
  lower: { node, _ in scaledCall(node, count: 1) })

/// output = velocity = `factor` · velocity + gradient. Inputs: gradient, velocity. Writes the velocity.
let momentum = OperatorDefinition(
  "momentum", outputTypes: likeFirstInput, writtenInputs: [1],
  lower: { node, graph in
    KernelCall(
      "tinysdk_momentum_f32", argumentType: "tinysdk_momentum_args",
      arguments: [
        .init("count", try graph.tensor(node.inputs[0]).count), .init("factor", Float(node.float("factor"))),
      ],
      operands: (node.inputs + node.outputs).map(Operand.tensor),
      inPlace: [InPlacePair(input: node.inputs[0], output: node.outputs[0])])
  })

/// sum = sum + gradient. Inputs: sum, gradient. Writes the sum.
let sumGradient = OperatorDefinition(
  "sum_gradient", outputTypes: { _, _ in [] }, writtenInputs: [0],
  lower: { node, graph in
    KernelCall(
      "tinysdk_accumulate_f32", argumentType: "tinysdk_count_args",
      arguments: [.init("count", try graph.tensor(node.inputs[0]).count)],
      operands: [node.inputs[0], node.inputs[1], node.inputs[0]].map(Operand.tensor))
  })

/// The mean over `samples` samples; the sum starts again at 0. Inputs: sum. Writes the sum.
let takeMean = OperatorDefinition(
  "take_mean", outputTypes: likeFirstInput, writtenInputs: [0],
  lower: { node, graph in
    KernelCall(
      "tinysdk_take_mean_f32", argumentType: "tinysdk_mean_args",
      arguments: [
        .init("count", try graph.tensor(node.inputs[0]).count),
        .init("factor", 1 / Float(node.int("samples", default: 1))),
      ],
      operands: (node.inputs + node.outputs).map(Operand.tensor))
  })

/// The sum of squares so far, with this gradient's. Inputs: gradient, scale per channel or absent, the sum
/// before or absent.
let sumSquares = OperatorDefinition(
  "sum_squares", outputTypes: { _, _ in [TensorType(.float32, [1])] },
  lower: { node, graph in
    KernelCall(
      "tinysdk_sum_squares_f32", argumentType: "tinysdk_update_args",
      arguments: channelArguments(try graph.tensor(node.inputs[0])),
      operands: [
        .tensor(node.inputs[0]), optionalOperand(node.input(1)), optionalOperand(node.input(2)),
        .tensor(node.outputs[0]),
      ])
  })

/// What brings a norm above `limit` down to it. Inputs: the square of the norm.
let clipFactor = OperatorDefinition(
  "clip_factor", outputTypes: { _, _ in [TensorType(.float32, [1])] },
  lower: { node, _ in
    KernelCall(
      "tinysdk_clip_factor_f32", argumentType: "tinysdk_clip_args",
      arguments: [.init("limit", Float(node.float("limit")))],
      operands: (node.inputs + node.outputs).map(Operand.tensor))
  })

/// gradient · factor. Inputs: gradient, factor of `clip_factor`.
let clipNorm = OperatorDefinition(
  "clip_norm", outputTypes: likeFirstInput,
  lower: { node, graph in scaledCall(node, count: try graph.tensor(node.inputs[0]).count) })

/// The gradient within ± a limit per channel. Inputs: gradient, limits.
let clipValue = OperatorDefinition(
  "clip_value", outputTypes: likeFirstInput,
  lower: { node, graph in
    KernelCall(
      "tinysdk_clip_value_f32", argumentType: "tinysdk_update_args",
      arguments: channelArguments(try graph.tensor(node.inputs[0])),
      operands: (node.inputs + node.outputs).map(Operand.tensor),
      inPlace: [InPlacePair(input: node.inputs[0], output: node.outputs[0])])
  })

/// `count` elements of input 0 times the one of input 1.
private func scaledCall(_ node: Node, count: Int) -> KernelCall {
  KernelCall(
    "tinysdk_scale_f32", argumentType: "tinysdk_planes_args",
    arguments: [.init("batch", 1), .init("channels", 1), .init("plane", count)],
    operands: [.tensor(node.inputs[0]), .null, .tensor(node.inputs[1]), .tensor(node.outputs[0])],
    inPlace: [InPlacePair(input: node.inputs[0], output: node.outputs[0])])
}
