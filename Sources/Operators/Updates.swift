import Graph

// Updates from gradients held whole: gradient, parameter, scale, rate (, residual). They write the
// parameter (and the residual).

private func updateArguments(_ node: Node, _ graph: Graph) throws -> [KernelArgument] {
  let shape = try graph.tensor(node.inputs[1]).shape
  return [.init("out_count", shape[0]), .init("inner", shape.dropFirst().reduce(1, *))]
}

/// int8 weights, with residual bits beside them or rounded to nearest.
let updateInt8 = OperatorDefinition(
  "update_int8", outputTypes: { _, _ in [] }, writtenInputs: [1, 4],
  lower: { node, graph in
    KernelCall(
      "tinysdk_update_s8", argumentType: "tinysdk_update_args", arguments: try updateArguments(node, graph),
      operands: [
        .tensor(node.inputs[0]), .tensor(node.inputs[2]), .tensor(node.inputs[3]), .tensor(node.inputs[1]),
        optionalOperand(node.input(4)),
      ])
  })

/// int32 biases, rounded to nearest.
let updateInt32 = OperatorDefinition(
  "update_int32", outputTypes: { _, _ in [] }, writtenInputs: [1],
  lower: { node, graph in
    KernelCall(
      "tinysdk_update_s32", argumentType: "tinysdk_update_args", arguments: try updateArguments(node, graph),
      operands: [
        .tensor(node.inputs[0]), .tensor(node.inputs[2]), .tensor(node.inputs[3]), .tensor(node.inputs[1]),
      ])
  })

/// float32 parameters: gradient, parameter, rate.
let updateFloat = OperatorDefinition(
  "update_float32", outputTypes: { _, _ in [] }, writtenInputs: [1],
  lower: { node, graph in
    KernelCall(
      "tinysdk_update_f32", argumentType: "tinysdk_update_args", arguments: try updateArguments(node, graph),
      operands: [.tensor(node.inputs[0]), .tensor(node.inputs[2]), .tensor(node.inputs[1])])
  })
