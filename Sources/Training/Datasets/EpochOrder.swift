/// The order in which one epoch visits its samples: a permutation of `0 ..< count` that depends on nothing
/// but `seed` and `epoch` (counted from 0), so that every board and every host sees the same sequence.
///
/// Fisher-Yates from the end, driven by `SplitMix64` whose state starts at `seed * 1000003 + epoch`;
/// index `i` is swapped with `next() mod (i + 1)`. All arithmetic wraps around at 64 bits.
public func epochOrder(count: Int, seed: UInt64, epoch: Int) -> [Int] {
  var order = Array(0..<max(count, 0))
  var generator = SplitMix64(state: seed &* 1_000_003 &+ UInt64(truncatingIfNeeded: epoch))
  for index in stride(from: order.count - 1, to: 0, by: -1) {
    order.swapAt(index, Int(generator.next() % UInt64(index + 1)))
  }
  return order
}
