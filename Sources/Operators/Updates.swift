import Graph

// Updates from gradients held whole: gradient, parameter, scale, rate (, residual, counter). They write the
// parameter (and the residual).

private func updateArguments(_ node: Node, _ graph: Graph) throws -> [KernelArgument] {
  let shape = try graph.tensor(node.inputs[1]).shape
  return [.init("out_count", shape[0]), .init("inner", shape.dropFirst().reduce(1, *))]
}

/// The end of an int8 update kernel's name for the rule of attribute `rule`: 8 or 4 residual bits, 0 for
/// rounding to nearest, `stochastic`.
func ruleSuffix(_ node: Node) -> String {
  switch node.string("rule") {
  case "4": "_r4"
  case "stochastic": "_stochastic"
  default: ""
  }
}

/// What a rule needs behind the weights: their residual, or the stream of random numbers and its counter.
func ruleOperands(_ node: Node, residual: Int, counter: Int) -> [Operand] {
  guard node.string("rule") == "stochastic" else { return [optionalOperand(node.input(residual))] }
  let stream = ConstantTable(
    name: "\(node.name).stream", element: .uint16, bytes: littleEndianBytes([UInt16(node.int("stream"))]))
  return [.table(stream), optionalOperand(node.input(counter))]
}

/// Counts steps, for rules that draw random numbers. Writes the counter.
let advanceCounter = OperatorDefinition(
  "advance_counter", outputTypes: { _, _ in [] }, writtenInputs: [0],
  lower: { node, _ in
    KernelCall(
      "tinysdk_advance_counter", argumentType: "tinysdk_count_args", arguments: [.init("count", 1)],
      operands: [.tensor(node.inputs[0])])
  })

/// int8 weights, with residual bits beside them, rounded to nearest or stochastically.
let updateInt8 = OperatorDefinition(
  "update_int8", outputTypes: { _, _ in [] }, writtenInputs: [1, 4],
  lower: { node, graph in
    KernelCall(
      "tinysdk_update_s8\(ruleSuffix(node))", argumentType: "tinysdk_update_args",
      arguments: try updateArguments(node, graph),
      operands: [
        .tensor(node.inputs[0]), .tensor(node.inputs[2]), .tensor(node.inputs[3]), .tensor(node.inputs[1]),
      ] + ruleOperands(node, residual: 4, counter: 5))
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
