import Graph

/// How gradient tensors are kept between operators.
public enum GradientType: String, Sendable, Codable, CaseIterable {
  case float32
  /// Mantissas with one power-of-two exponent a tensor, chosen while the step runs (`tinysdk_integer_gradients.h`).
  case int16
  case int8

  public var element: ElementType {
    switch self {
    case .float32: .float32
    case .int16: .int16
    case .int8: .int8
    }
  }

  /// The bits of a mantissa's magnitude.
  public var bits: Int { self == .int16 ? 15 : 7 }

  /// The end of the kernels' names.
  var suffix: String {
    switch self {
    case .float32: "f32"
    case .int16: "g16"
    case .int8: "g8"
    }
  }

  /// What a backward or update node works with.
  public init(of node: Node) {
    self = GradientType(rawValue: node.string("gradient")) ?? .float32
  }
}

/// The name of the tensor that holds an integer gradient's exponent.
public func exponentName(of gradient: String) -> String { "\(gradient).exponent" }

/// The types of a node's gradient output, with its exponent where it is an integer.
func gradientTypes(_ node: Node, _ shape: [Int]) -> [TensorType] {
  let type = GradientType(of: node)
  return [TensorType(type.element, shape)] + (type == .float32 ? [] : [TensorType(.int32, [1])])
}

/// A gradient as its kernels take it: the tensor, and for an integer its exponent.
func gradientOperands(_ node: Node, _ name: String) -> [Operand] {
  GradientType(of: node) == .float32 ? [.tensor(name)] : [.tensor(name), .tensor(exponentName(of: name))]
}

/// Non-negative factors as 15-bit integers with one exponent: value = factor · 2^exponent, the largest in
/// [2¹⁴, 2¹⁵).
public func fixedPointFactors(_ values: [Float]) -> (factors: [Int16], exponent: Int) {
  let largest = values.max() ?? 0
  guard largest > 0, largest.isFinite else { return (values.map { _ in 0 }, 0) }
  var exponent = Int(largest.exponent) - 14
  // Rounding may carry the largest to 2¹⁵.
  if (Double(largest) / exp2(exponent)).rounded() > 32_767 { exponent += 1 }
  return (values.map { Int16((Double(max($0, 0)) / exp2(exponent)).rounded()) }, exponent)
}

private func exp2(_ exponent: Int) -> Double { Double(sign: .plus, exponent: exponent, significand: 1) }

/// float32 to mantissas of `bits` bits, where integer gradients begin. Works in place.
let quantizeGradient = OperatorDefinition(
  "quantize_gradient",
  outputTypes: { node, graph in gradientTypes(node, try graph.tensor(node.inputs[0]).shape) },
  lower: { node, graph in
    KernelCall(
      "tinysdk_quantize_gradient_\(GradientType(of: node).suffix)",
      argumentType: "tinysdk_quantize_gradient_args",
      arguments: [
        .init("count", try graph.tensor(node.inputs[0]).count), .init("bits", node.int("bits")),
      ],
      operands: [.tensor(node.inputs[0])] + gradientOperands(node, node.outputs[0]),
      inPlace: [InPlacePair(input: node.inputs[0], output: node.outputs[0])])
  })
