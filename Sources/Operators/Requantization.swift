import Foundation
import Graph

/// How a 32-bit sum becomes an 8-bit value.
public enum Rounding: String, Sendable, Codable, CaseIterable {
  /// TFLite's and CMSIS-NN's two roundings.
  case tflite
  /// One 64-bit product, one rounding.
  case single
  /// float64, half to even; on the host only.
  case exact

  /// The value of the kernels' `rounding` field.
  var code: Int { self == .single ? 1 : 0 }

  init(of node: Node) throws {
    let name = node.string("rounding", default: "tflite")
    guard let rounding = Rounding(rawValue: name) else {
      throw OperatorError(node, "rounding '\(name)' is none of tflite, single, exact")
    }
    self = rounding
  }
}

/// A real scale as a Q31 multiplier and a shift: scale ≈ multiplier × 2^(shift − 31), shift positive to the
/// left.
///
/// TFLite's `QuantizeMultiplier`: the mantissa of the float64 scale rounded to 31 bits; a scale below 2⁻³²
/// becomes zero.
public struct FixedPointScale: Sendable, Equatable {
  public var multiplier: Int32
  public var shift: Int32

  public init(_ scale: Double) {
    guard scale > 0, scale.isFinite else {
      multiplier = 0
      shift = 0
      return
    }
    let split = frexp(scale)
    var mantissa = Int64((split.0 * 0x1p31).rounded(.toNearestOrAwayFromZero))
    var exponent = split.1
    if mantissa == 1 << 31 {
      mantissa /= 2
      exponent += 1
    }
    if exponent < -31 {
      multiplier = 0
      shift = 0
    } else if exponent > 30 {
      multiplier = .max
      shift = 30
    } else {
      multiplier = Int32(mantissa)
      shift = Int32(exponent)
    }
  }
}

/// The table that a kernel requantizes with: multiplier and shift per channel, or the float64 scales in
/// exact rounding.
func requantizationTable(_ node: Node, scales: [Double], rounding: Rounding) -> Operand {
  if rounding == .exact {
    return .table(
      ConstantTable(name: "\(node.name).scales", element: .float64, bytes: littleEndianBytes(scales)))
  }
  let pairs = scales.map(FixedPointScale.init).flatMap { [$0.multiplier, $0.shift] }
  return .table(
    ConstantTable(
      name: "\(node.name).requantization", element: .requantization, bytes: littleEndianBytes(pairs)))
}

/// The quantization of a tensor.
/// - Throws: `OperatorError` naming the layer where the tensor has none.
func quantization(of tensor: Tensor, _ node: Node) throws -> Quantization {
  guard let quantization = tensor.quantization else {
    throw OperatorError(node, "tensor '\(tensor.name)' has no scale and zero point")
  }
  return quantization
}

/// Smallest and largest value that a node's int8 output may take.
func clampRange(of node: Node) -> (low: Int, high: Int) {
  let range = node.ints("clamp", default: [-128, 127])
  return range.count == 2 ? (max(range[0], -128), min(range[1], 127)) : (-128, 127)
}
