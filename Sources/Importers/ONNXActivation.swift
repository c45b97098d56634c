import Graph

/// Relu, Clip, and the Softmax that training does without.
extension ONNXTranslation {
  mutating func relu(_ node: ONNXNode) throws(ImportProblem) {
    try node.checkAttributes([])
    try limit(node, .relu)
  }

  /// Clip, with bounds as attributes (before opset 11) or as constant inputs.
  mutating func clip(_ node: ONNXNode) throws(ImportProblem) {
    try node.checkAttributes(["min", "max"])
    let lower = try bound(node, "min", 1) ?? -.infinity
    let upper = try bound(node, "max", 2) ?? .infinity
    try limit(node, RealBounds(lower: lower, upper: upper))
  }

  private func bound(_ node: ONNXNode, _ key: String, _ position: Int) throws(ImportProblem) -> Float? {
    var bound = try node.float(key)
    if let name = node.input(position) { bound = try constantBound(name) }
    guard bound?.isNaN != true else { throw ImportProblem(.structure, "its bound '\(key)' is NaN") }
    return bound
  }

  private func constantBound(_ name: String) throws(ImportProblem) -> Float {
    switch try value(name) {
    case .constant(let constant):
      guard let bound = try constant.floatValues().first, constant.count == 1 else {
        throw ImportProblem(
          .shape, "the bound '\(name)' has the shape \(constant.dims), one number is expected")
      }
      return bound
    case .quantizedConstant(let constant):
      guard constant.values.count == 1 else {
        throw ImportProblem(
          .shape, "the bound '\(name)' has the shape \(constant.dims), one number is expected")
      }
      let steps = Double(constant.values[0] - constant.quantization.zeroPoint)
      return Float(steps * constant.quantization.scale)
    default:
      throw ImportProblem(.unsupported, "the bound '\(name)' is computed at run time; it must be a constant")
    }
  }

  private mutating func limit(_ node: ONNXNode, _ bounds: RealBounds) throws(ImportProblem) {
    let source = try node.requiredInput(0)
    let output = try node.output()
    switch try value(source) {
    case .real(.computed(var operation)):
      operation.bounds = operation.bounds.followed(by: bounds)
      values[output] = .real(.computed(operation))
    case .real: values[output] = .real(.bounded(source: source, bounds: bounds, node: node.name))
    case .floatInput:
      throw ImportProblem(
        .notQuantized, "it reads the float32 input '\(source)' without a QuantizeLinear between")
    default:
      throw ImportProblem(.unsupported, "it reads '\(source)', which is no result of a DequantizeLinear")
    }
  }

  /// Leaves out a Softmax; the check that it is the last node is that nobody else reads a dropped value.
  mutating func dropLast(_ node: ONNXNode) throws(ImportProblem) {
    let source = try node.requiredInput(0)
    guard case .real = try value(source) else {
      throw ImportProblem(.unsupported, "it reads '\(source)', which is no result of a layer")
    }
    notes.append(.droppedNode(name: node.name, op: node.op))
    values[try node.output()] = .dropped(source)
  }
}
