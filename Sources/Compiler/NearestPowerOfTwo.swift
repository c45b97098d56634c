/// The power of two nearest to the geometric mean of `values`, positive and finite numbers, on a logarithmic
/// scale; the larger one on a tie, 1 of none.
///
/// Without a logarithm, so that every host finds the same one: the product is kept as s · 2^e, 1 <= s < 2, and
/// with n values the answer is 2^k for the largest k with 2^(n (k - 1/2)) <= s · 2^e.
public func nearestPowerOfTwo(toMeanOf values: [Double]) -> Double {
  guard !values.isEmpty else { return 1 }
  var (significand, exponent) = (1.0, 0)
  for value in values {
    significand *= value.significand
    exponent += Int(value.exponent)
    if significand >= 2 { (significand, exponent) = (significand / 2, exponent + 1) }
  }
  let count = values.count
  let floor = (exponent - (exponent % count + count) % count) / count
  // How far the product's logarithm must reach above the exponent, in halves.
  let halves = count - 2 * (exponent - floor * count)
  let isAbove = halves <= 0 || (halves == 1 && significand * significand >= 2)
  return Double(sign: .plus, exponent: floor + (isAbove ? 1 : 0), significand: 1)
}
