import Testing
import Training

@Suite struct ProgressBarTests {
  private let half = ProgressBar(done: 812, total: 1500, loss: 0.4119, accuracy: 0.8712, rate: 531.4)

  @Test func theWholeLine() {
    #expect(
      half.line(width: 72) == "[========>      ]  812/1500  loss 0.412  acc 87.1 %  531 img/s  ETA 0:02")
    #expect(half.line(width: 72).count == 72)
  }

  @Test func theBarIsAtMostFortyWide() {
    let line = half.line(width: 200)
    let bar = String(repeating: "=", count: 21) + ">" + String(repeating: " ", count: 18)
    #expect(line.hasPrefix("[\(bar)] "))
  }

  @Test(arguments: [
    (60, "[=======>     ]  812/1500  loss 0.412  acc 87.1 %  531 img/s"),
    (30, "[===>  ]  812/1500  loss 0.412"),
    (17, " 812/1500"), (4, " 812"), (0, ""), (-3, ""),
  ])
  func narrowTerminalsLoseFieldsFromTheRight(width: Int, expected: String) {
    #expect(half.line(width: width) == expected)
  }

  @Test(arguments: 0...130) func noLineIsTooWide(width: Int) {
    #expect(half.line(width: width).count <= width)
  }

  @Test func theStartAndTheEnd() {
    let start = ProgressBar(done: 0, total: 20).line(width: 60)
    let rest = String(repeating: " ", count: 39)
    #expect(start == "[>\(rest)]  0/20  ETA --:--")
    let end = ProgressBar(done: 20, total: 20, rate: 5).line(width: 50)
    #expect(end == "[=====================] 20/20  5.0 img/s  ETA 0:00")
  }

  @Test(arguments: [
    (1, 59, "0:59"), (1, 61, "1:01"), (1, 3725, "1:02:05"), (1, 9_999_999, "--:--"), (4, 10, "0:03"),
  ])
  func timeLeft(rate: Int, total: Int, expected: String) {
    let line = ProgressBar(done: 0, total: total, rate: Double(rate)).line(width: 90)
    #expect(line.hasSuffix("ETA " + expected))
  }

  @Test func emptyAndOddCountsDrawALine() {
    #expect(ProgressBar(done: 0, total: 0, rate: .nan).line(width: 60).hasSuffix("0/0  ETA --:--"))
    #expect(ProgressBar(done: 30, total: 20, rate: 1).line(width: 60).contains("30/20"))
  }
}
