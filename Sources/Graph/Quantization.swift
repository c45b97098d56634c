/// How the integers of a tensor stand for real numbers: `real = scale × (integer − zeroPoint)`.
///
/// One scale and zero point for the whole tensor, or one per index of `axis` (ONNX `DequantizeLinear`,
/// TFLite quantization spec).
public struct Quantization: Sendable, Hashable, Codable {
  /// Scales, kept as doubles: every float32 of a model file is one exactly, and formats that hold doubles
  /// lose nothing.
  public var scales: [Double]
  public var zeroPoints: [Int]
  /// The axis along which scales differ; `nil` for one scale per tensor.
  public var axis: Int?

  public init(scales: [Double], zeroPoints: [Int], axis: Int?) {
    self.scales = scales
    self.zeroPoints = zeroPoints
    self.axis = axis
  }

  /// One scale and zero point for the whole tensor.
  public static func perTensor(scale: Double, zeroPoint: Int) -> Quantization {
    Quantization(scales: [scale], zeroPoints: [zeroPoint], axis: nil)
  }

  /// The first scale: the only one of a per-tensor quantization.
  public var scale: Double { scales[0] }
  /// The first zero point: the only one of a per-tensor quantization.
  public var zeroPoint: Int { zeroPoints[0] }

  /// The scale of index `channel` along the axis, whichever form this is.
  public func scale(ofChannel channel: Int) -> Double {
    scales.count == 1 ? scales[0] : scales[channel]
  }
}
