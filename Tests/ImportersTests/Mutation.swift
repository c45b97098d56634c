/// A small deterministic generator (SplitMix64), so that a failing mutation can be repeated.
struct SplitMix64: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}

/// The bytes with one to eight of them changed, cut off at a random place, or with a piece taken out.
func mutated(_ bytes: [UInt8], _ random: inout SplitMix64) -> [UInt8] {
  var result = bytes
  switch Int.random(in: 0..<4, using: &random) {
  case 0: result.removeLast(Int.random(in: 1...bytes.count, using: &random))
  case 1:
    let start = Int.random(in: 0..<bytes.count, using: &random)
    result.removeSubrange(start..<min(bytes.count, start + Int.random(in: 1...64, using: &random)))
  default:
    for _ in 0..<Int.random(in: 1...8, using: &random) {
      result[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
    }
  }
  return result
}
