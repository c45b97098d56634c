import Graph
import Operators
import Testing

@Test(
  arguments: [
    (1.0, 1 << 30, 1), (0.5, 1 << 30, 0), (0.75, 3 << 29, 0), (0.0003, 1_319_413_953, -11),
    (0x1p-33, 0, 0), (0, 0, 0), (-1, 0, 0), (.infinity, 0, 0),
  ] as [(Double, Int32, Int32)])
func aScaleBecomesAMultiplierAndAShift(scale: Double, multiplier: Int32, shift: Int32) {
  let fixed = FixedPointScale(scale)
  #expect(fixed.multiplier == multiplier)
  #expect(fixed.shift == shift)
}

/// The fixed-point scale stays within half a unit of 31 bits.
@Test func everyScaleKeeps31Bits() {
  for exponent in -30...20 {
    for mantissa in stride(from: 0.5, to: 1, by: 0.0371) {
      let scale = mantissa * Double(sign: .plus, exponent: exponent, significand: 1)
      let fixed = FixedPointScale(scale)
      let back =
        Double(fixed.multiplier) * Double(sign: .plus, exponent: Int(fixed.shift) - 31, significand: 1)
      #expect(abs(back / scale - 1) <= 0x1p-31)
    }
  }
}
