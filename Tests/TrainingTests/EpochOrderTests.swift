import Testing
import Training

@Suite struct EpochOrderTests {
  @Test(arguments: [
    (UInt64(0), 0, [6, 3, 2, 9, 8, 1, 4, 7, 0, 5]),
    (UInt64(0), 1, [4, 2, 8, 1, 9, 3, 0, 6, 7, 5]),
    (UInt64(1), 0, [7, 9, 6, 0, 1, 5, 8, 2, 3, 4]),
    (UInt64.max, 3, [5, 8, 4, 9, 3, 0, 6, 7, 1, 2]),
  ])
  func tenSamplesAsComputedInPython(seed: UInt64, epoch: Int, expected: [Int]) {
    #expect(epochOrder(count: 10, seed: seed, epoch: epoch) == expected)
  }

  @Test func flowersAsComputedInPython() {
    let order = epochOrder(count: 2934, seed: 7, epoch: 2)
    #expect(order.prefix(8) == [2720, 2825, 894, 2079, 1017, 2552, 750, 2382])
    #expect(order.suffix(8) == [228, 1826, 2616, 178, 977, 2433, 1419, 660])
    #expect(order.enumerated().reduce(0) { $0 + $1.offset * $1.element } == 6_254_857_414)
    #expect(order.sorted() == Array(0..<2934))
  }

  @Test(arguments: [0, 1]) func fewerThanTwoSamplesHaveOneOrder(count: Int) {
    #expect(epochOrder(count: count, seed: 1, epoch: 1) == Array(0..<count))
  }

  /// The first numbers of the generator from state 0, as in the published reference.
  @Test func splitMix64Reference() {
    var generator = SplitMix64(state: 0)
    let numbers = [generator.next(), generator.next(), generator.next()]
    #expect(numbers == [0xE220_A839_7B1D_CDAF, 0x6E78_9E6A_A1B9_65F4, 0x06C4_5D18_8009_454F])
  }
}
