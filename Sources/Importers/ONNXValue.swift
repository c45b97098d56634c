import Graph

/// What a tensor name of the ONNX file stands for while the graph is made.
enum ONNXValue {
  /// Could not be translated; the problem is reported elsewhere.
  case unknown
  case constant(ONNXConstant)
  /// A constant behind a `DequantizeLinear`: weights or a bias.
  case quantizedConstant(QuantizedConstant)
  /// The float32 input of the file, before its `QuantizeLinear`.
  case floatInput(shape: [Int])
  /// An integer input of the file, before its `DequantizeLinear`.
  case integerInput(shape: [Int], isUnsigned: Bool)
  /// The int8 tensor of this name.
  case integers(String)
  /// Real numbers: what an int8 tensor stands for, or what a layer computes from such.
  case real(ONNXRealValue)
  /// The result of a dropped last node, which stands for its input of this name.
  case dropped(String)
}

/// A value between `DequantizeLinear` and `QuantizeLinear`, or of a float32 network: nothing is computed until
/// it is known how it is used.
enum ONNXRealValue {
  /// The float32 tensor of this name: the input of a float32 network.
  case float(String)
  /// What the int8 tensor stands for; `node` is the `DequantizeLinear`.
  case dequantized(tensor: String, node: String)
  /// The value called `source` in another shape.
  case reshaped(source: String, shape: [Int], node: String)
  /// The value called `source` limited to bounds.
  case bounded(source: String, bounds: RealBounds, node: String)
  /// The result of a layer.
  case computed(PendingOperation)
}

/// A layer whose output tensor is not known yet.
struct PendingOperation {
  var op: String
  /// The ONNX node's name.
  var layer: String
  /// Names of tensors of the graph.
  var inputs: [String]
  /// All but the clamp.
  var attributes: [String: Attribute]
  var shape: [Int]
  /// `float32` for a dense layer with float32 weights, `int8` for everything else.
  var element: ElementType = .int8
  /// The quantization that the operator keeps from its input; `nil` where it requantizes by itself.
  var keptQuantization: Quantization?
  /// Whether the result takes only values of the input, so that it needs no `QuantizeLinear`.
  var selectsValues = false
  var bounds = RealBounds.none
}

/// The range that Relu and Clip leave of the real numbers.
struct RealBounds: Equatable {
  var lower: Float
  var upper: Float

  static let none = RealBounds(lower: -.infinity, upper: .infinity)
  static let relu = RealBounds(lower: 0, upper: .infinity)

  /// First these bounds, then `next`.
  func followed(by next: RealBounds) -> RealBounds {
    RealBounds(lower: next.clip(lower), upper: next.clip(upper))
  }

  private func clip(_ value: Float) -> Float { min(max(value, lower), upper) }

  /// The bounds as integers of `quantization`: `[low, high]` within int8.
  ///
  /// Quantizing is monotone, so clamping the integers equals clipping before `QuantizeLinear`.
  func clamp(in quantization: Quantization) -> [Int] {
    [integer(lower, in: quantization), integer(upper, in: quantization)]
  }

  private func integer(_ value: Float, in quantization: Quantization) -> Int {
    let steps = (value / Float(quantization.scale)).rounded(.toNearestOrEven)
    return Int(min(max(Double(steps) + Double(quantization.zeroPoint), -128), 127))
  }
}
