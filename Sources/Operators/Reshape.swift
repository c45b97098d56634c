import Graph

/// The same elements under another shape. Exists in imported graphs only: the fold pass removes it, since
/// activations lie in the order that it keeps.
let reshape = OperatorDefinition(
  "reshape",
  outputTypes: { node, graph in
    let input = try graph.tensor(node.inputs[0])
    let output = try graph.tensor(node.outputs[0])
    guard input.count == output.count else {
      throw OperatorError(
        node, "turns \(input.shape) into \(output.shape), which has another number of elements")
    }
    return [TensorType(input.element, output.shape)]
  },
  lower: { node, _ in throw OperatorError(node, "was not folded away before kernels were chosen") })
