/// From a pixel (0 ... 255) to the model's int8 value.
public enum PixelQuantization: Codable, Sendable, Equatable {
  /// pixel - 128, exactly: what networks mean whose input is (pixel - 127.5 or 128) / 127.5 at scale 1 /
  /// 127.5. Computed through floats, every pixel of the first would be a rounding tie.
  case minus128
  /// round half to even((pixel - mean) / deviation / inputScale) + zeroPoint, saturated. `mean` and
  /// `deviation` are in pixels, one for each channel in the order of the output, or one for all.
  case affine(mean: [Double], deviation: [Double], inputScale: Double, zeroPoint: Int)

  /// For each channel the int8 value of every pixel value.
  func tables(channels: Int) -> [[Int8]] {
    switch self {
    case .minus128:
      return Array(repeating: (0...255).map { Int8($0 - 128) }, count: channels)
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
    guard case .affine(let mean, let deviation, let inputScale, let zeroPoint) = self else { return [] }
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
