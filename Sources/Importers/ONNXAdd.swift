import Graph

/// Add: the residual `add` `[a, b]` of two int8 tensors, or the bias of a MatMul.
extension ONNXTranslation {
  mutating func add(_ node: ONNXNode) throws(ImportProblem) {
    try node.checkAttributes([])
    let names = [try node.requiredInput(0), try node.requiredInput(1)]
    for (first, second) in [(names[0], names[1]), (names[1], names[0])] {
      if try addBias(of: second, to: first, node) { return }
    }
    let inputs = [try int8Tensor(names[0]), try int8Tensor(names[1])]
    let shapes = [try shape(ofTensor: inputs[0]), try shape(ofTensor: inputs[1])]
    guard shapes[0] == shapes[1] else {
      throw ImportProblem(.unsupported, "it adds \(shapes[0]) and \(shapes[1]); equal shapes are supported")
    }
    values[try node.output()] = .real(
      .computed(
        PendingOperation(
          op: "add", layer: node.name, inputs: inputs, attributes: ["rounding": "tflite"], shape: shapes[0])))
  }

  /// Makes the constant called `name` the bias of the MatMul called `product`.
  /// - Returns: false where the two are something else.
  private mutating func addBias(
    of name: String, to product: String, _ node: ONNXNode
  ) throws(ImportProblem) -> Bool {
    guard case .real(.computed(var operation)) = try value(product), operation.inputs.last == "",
      ["dense", "dense_f32"].contains(operation.op), operation.bounds == .none
    else { return false }
    switch try value(name) {
    case .quantizedConstant(let bias) where operation.op == "dense" && bias.element == .int32:
      let weight = try tensor(operation.inputs[1])
      let scale = try quantization(ofTensor: operation.inputs[0]).scale
      try defineBias(bias, weight: weight, inputScale: scale)
      operation.inputs[2] = bias.name
    case .constant(let bias) where operation.op == "dense_f32":
      operation.inputs[2] = try defineFloat(bias, [operation.shape[1]], values: try bias.floatValues())
    default: return false
    }
    values[try node.output()] = .real(.computed(operation))
    return true
  }
}
