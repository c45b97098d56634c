import ImageBuild
import Testing

@Suite struct SizeReportTests {
  @Test func bars() {
    let report = SizeReport(
      regions: [
        .init(name: "dtcm", used: 33_321, length: 65_536), .init(name: "sram1", used: 0, length: 245_760),
        .init(name: "itcm", used: 1, length: 16_384),
        .init(name: "flash", used: 1_048_576, length: 1_048_576),
      ], arenaBytes: 1, stateBytes: 2, stackBytes: 3, dataBytes: 4, flashBytes: 5)
    #expect(
      report.bars == [
        "DTCM   [=====     ]  50.8 % (33,321 of 65,536 bytes)",
        "SRAM1  [          ]   0.0 % (0 of 245,760 bytes)",
        "ITCM   [=         ]   0.0 % (1 of 16,384 bytes)",
        "FLASH  [==========] 100.0 % (1,048,576 of 1,048,576 bytes)",
      ])
    #expect(report.sramBytes == 10)
  }

  @Test(arguments: [(0, "0"), (999, "999"), (1000, "1,000"), (-1_234_567, "-1,234,567")])
  func grouping(number: Int, text: String) {
    #expect(grouped(number) == text)
  }
}
