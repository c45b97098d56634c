/// Half to even, saturated to 32 bits; 0 for NaN.
func roundHalfEven(_ value: Float) -> Int {
  if value.isNaN { return 0 }
  return saturate(Int(max(min(Double(value).rounded(.toNearestOrEven), 1e12), -1e12)))
}

/// The contract's update of one weight.
func updatedWeight(_ weight: Int8, _ residual: Int8?, step: Float, gradient: Float) -> (
  weight: Int8, residual: Int8?
) {
  guard let residual else {
    let moved = Int(weight) - roundHalfEven(step * gradient)
    return (Int8(min(max(moved, -127), 127)), nil)
  }
  let change = roundHalfEven(step * gradient * 256)
  let fine = min(max(256 * Int(weight) + Int(residual) - change, -127 * 256), 127 * 256)
  let coarse = Int((Double(fine + 128) / 256).rounded(.down))
  return (Int8(coarse), Int8(fine - 256 * coarse))
}

/// The contract's update of one bias.
func updatedBias(_ bias: Int32, step: Float, gradient: Float) -> Int32 {
  Int32(saturate(Int(bias) - roundHalfEven(step * gradient)))
}
