/// From a pixel (0 ... 255) to the model's value.
public enum PixelQuantization: Codable, Sendable, Equatable {
  /// pixel - 128, exactly: what networks mean whose input is (pixel - 127.5 or 128) / 127.5 at scale 1 /
  /// 127.5. Computed through floats, every pixel of the first would be a rounding tie.
  case minus128
  /// round half to even((pixel - mean) / deviation / inputScale) + zeroPoint, saturated. `mean` and
  /// `deviation` are in pixels, one for each channel in the order of the output, or one for all.
  case affine(mean: [Double], deviation: [Double], inputScale: Double, zeroPoint: Int)
  /// (pixel - mean) / deviation, in float32.
  case real(mean: [Double], deviation: [Double])

  var element: InputElement {
    if case .real = self { .float32 } else { .int8 }
  }

  /// For each channel the bytes of every pixel value, one after the other.
  func tables(channels: Int) -> [[Int8]] {
    switch self {
    case .minus128:
      return Array(repeating: (0...255).map { Int8($0 - 128) }, count: channels)
    case .real(let mean, let deviation):
      return (0..<channels).map { channel in
        let (centre, spread) = (mean[channel % mean.count], deviation[channel % deviation.count])
        return (0...255).flatMap { element.bytes((Double($0) - centre) / spread) }
      }
    case .affine(let mean, let deviation, let inputScale, let zeroPoint):
      return (0..<channels).map { channel in
        let (centre, spread) = (mean[channel % mean.count], deviation[channel % deviation.count])
        return (0...255).map { pixel in
          let steps = ((Double(pixel) - centre) / spread / inputScale).rounded(.toNearestOrEven)
          return saturatedInt8(steps + Double(zeroPoint))
        }
      }
    }
  }

  /// What makes the quantization impossible to apply to `channels` channels.
  func problems(channels: Int) -> [DatasetError.Problem] {
    var (mean, deviation, inputScale, zeroPoint) = ([Double](), [Double](), 1.0, 0)
    switch self {
    case .minus128: return []
    case .affine(let m, let d, let scale, let zero):
      (mean, deviation, inputScale, zeroPoint) = (m, d, scale, zero)
    case .real(let m, let d): (mean, deviation) = (m, d)
    }
    var problems: [DatasetError.Problem] = []
    func check(_ isGood: Bool, _ name: String, _ reason: String) {
      if !isGood { problems.append(.init("preprocessing: \(name)", reason)) }
    }
    let counts = "one number for all channels, or \(channels)"
    check([1, channels].contains(mean.count), "mean", "has \(mean.count) numbers; give \(counts)")
    check(
      [1, channels].contains(deviation.count), "deviation", "has \(deviation.count) numbers; give \(counts)")
    check(mean.allSatisfy(\.isFinite), "mean", "\(mean) must be finite")
    check(deviation.allSatisfy { $0.isFinite && $0 > 0 }, "deviation", "\(deviation) must be positive")
    check(inputScale.isFinite && inputScale > 0, "inputScale", "\(inputScale) must be positive")
    check((-128...127).contains(zeroPoint), "zeroPoint", "\(zeroPoint) must be in -128 ... 127")
    return problems
  }
}
