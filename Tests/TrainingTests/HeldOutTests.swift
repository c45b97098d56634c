import Testing
import Training

@Suite struct HeldOutTests {
  @Test func everyThird() throws {
    let split = try HeldOut.everyKth(3).split(count: 8)
    #expect(split.heldOut == [2, 5])
    #expect(split.train == [0, 1, 3, 4, 6, 7])
  }

  @Test func aShareIsSpreadEvenly() throws {
    let split = try HeldOut.fraction(0.25).split(count: 12)
    #expect(split.heldOut == [3, 7, 11])
    #expect((split.train + split.heldOut).sorted() == Array(0..<12))
  }

  @Test(arguments: [
    HeldOut.everyKth(1), .everyKth(9), .fraction(0), .fraction(1), .fraction(.nan), .fraction(0.01),
  ])
  func rulesThatLeaveASideEmptyAreRefused(rule: HeldOut) {
    #expect(throws: DatasetError.self) { try rule.split(count: 8) }
  }
}
