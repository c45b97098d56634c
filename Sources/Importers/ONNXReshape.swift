import Graph

/// Flatten, Reshape, Squeeze and Unsqueeze: the same elements in another shape.
extension ONNXTranslation {
  mutating func flatten(_ node: ONNXNode) throws(ImportProblem) {
    try node.checkAttributes(["axis"])
    let shape = try shape(of: try node.requiredInput(0))
    let axis = try node.int("axis", default: 1, in: -shape.count...shape.count)
    let split = axis < 0 ? axis + shape.count : axis
    try changeShape(node, [shape[..<split].reduce(1, *), shape[split...].reduce(1, *)])
  }

  mutating func reshape(_ node: ONNXNode) throws(ImportProblem) {
    try node.checkAttributes(["allowzero"])
    let shape = try shape(of: try node.requiredInput(0))
    let wanted = try integers(node, 1)
    let zeroIsZero = try node.int("allowzero", default: 0, in: 0...1) == 1
    var result: [Int] = []
    for (axis, dim) in wanted.enumerated() {
      if dim == 0, !zeroIsZero, axis < shape.count {
        result.append(shape[axis])
      } else {
        result.append(dim)
      }
    }
    if let open = result.firstIndex(of: -1) {
      result[open] = 1
      let known = elementCount(result) ?? 0
      let count = shape.reduce(1, *)
      guard known > 0, count % known == 0 else {
        throw ImportProblem(.shape, "\(shape) cannot be reshaped to \(wanted)")
      }
      result[open] = count / known
    }
    try changeShape(node, result)
  }

  mutating func squeeze(_ node: ONNXNode) throws(ImportProblem) {
    try node.checkAttributes(["axes"])
    let shape = try shape(of: try node.requiredInput(0))
    let all = shape.indices.filter { shape[$0] == 1 }
    let axes = try axes(node, rank: shape.count) ?? all
    guard axes.allSatisfy({ shape[$0] == 1 }) else {
      throw ImportProblem(.shape, "axes \(axes) of \(shape) are not all of size 1")
    }
    try changeShape(node, shape.indices.filter { !axes.contains($0) }.map { shape[$0] })
  }

  mutating func unsqueeze(_ node: ONNXNode) throws(ImportProblem) {
    try node.checkAttributes(["axes"])
    let shape = try shape(of: try node.requiredInput(0))
    var count = node.anyInts("axes")?.count
    if count == nil { count = try integers(node, 1).count }
    guard let count, count <= 8, let axes = try axes(node, rank: shape.count + count) else {
      throw ImportProblem(.structure, "its axes are missing or too many")
    }
    var rest = shape[...]
    var result: [Int] = []
    for axis in 0..<(shape.count + Set(axes).count) {
      result.append(axes.contains(axis) ? 1 : rest.popFirst() ?? 1)
    }
    try changeShape(node, result)
  }

  /// The axes attribute or input, counted from the front; `nil` where there is none.
  private func axes(_ node: ONNXNode, rank: Int) throws(ImportProblem) -> [Int]? {
    var axes = node.anyInts("axes")
    if axes == nil, node.input(1) != nil { axes = try integers(node, 1) }
    guard let axes else { return nil }
    guard axes.allSatisfy({ (-rank..<rank).contains($0) }) else {
      throw ImportProblem(.shape, "axes \(axes) are outside of rank \(rank)")
    }
    return axes.map { $0 < 0 ? $0 + rank : $0 }
  }

  /// The integers of the constant that is input `position`.
  private func integers(_ node: ONNXNode, _ position: Int) throws(ImportProblem) -> [Int] {
    let name = try node.requiredInput(position)
    guard case .constant(let constant) = try value(name) else {
      throw ImportProblem(.shape, "'\(name)' is computed at run time; shapes must be constants")
    }
    return try constant.integerValues()
  }

  private mutating func changeShape(_ node: ONNXNode, _ shape: [Int]) throws(ImportProblem) {
    let source = try node.requiredInput(0)
    let output = try node.output()
    let old = try self.shape(of: source)
    guard let count = elementCount(shape), count == elementCount(old), count > 0 else {
      throw ImportProblem(.shape, "\(old) cannot be reshaped to \(shape)")
    }
    switch try value(source) {
    case .real: values[output] = .real(.reshaped(source: source, shape: shape, node: node.name))
    case .dropped: values[output] = .dropped(source)
    case .integers(let tensor):
      try define(Tensor(output, .int8, shape, quantization: try quantization(ofTensor: tensor)))
      append(node.name, "reshape", inputs: [tensor], outputs: [output])
      values[output] = .integers(output)
    case .floatInput:
      throw ImportProblem(
        .notQuantized, "it reads the float32 input '\(source)' without a QuantizeLinear between")
    default:
      throw ImportProblem(.unsupported, "it reshapes '\(source)', which is not computed from the input")
    }
  }
}
