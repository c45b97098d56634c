import Foundation
import Testing
import Training

@Suite struct TrainingCurveTests {
  private func history(_ losses: [Double], before: Double? = 0.1) -> TrainingHistory {
    TrainingHistory(
      accuracyBefore: before,
      entries: losses.enumerated().map { index, loss in
        .init(epoch: index + 1, loss: loss, accuracy: Double(index + 1) / Double(losses.count), samples: 10)
      })
  }

  private func elements(_ name: String, in svg: String) throws -> [Substring] {
    svg.split(separator: "\n").filter { $0.hasPrefix("<\(name) ") }
  }

  @Test func curvesRunFromTheirFirstToTheirLastValue() throws {
    let svg = TrainingCurve(history([2, 1, 0.5]), title: "t").svg
    let lines = try elements("polyline", in: svg)
    // The plot is 656 by 316 at (72, 76). The loss axis ends at 2, the epochs run from 0 to 3.
    #expect(lines.count == 2)
    #expect(lines[0].contains("points=\"290.7,76.0 509.3,234.0 728.0,313.0\""))
    #expect(lines[1].contains("points=\"72.0,360.4 290.7,286.7 509.3,181.3 728.0,76.0\""))
    #expect(svg.contains(">loss 0.5</text>") && svg.contains(">accuracy 100.0 % (before: 10.0 %)</text>"))
  }

  @Test func lossesThatAreNotFiniteLeaveAGap() throws {
    let svg = TrainingCurve(history([2, 1, .nan, 1, .infinity, 0.5]), title: "t").svg
    #expect(try elements("polyline", in: svg).count == 2)
    let dots = try elements("circle", in: svg)
    #expect(dots.count == 4 + 7)
    for word in ["nan,", ",nan", "inf,", ",inf"] { #expect(!svg.contains(word)) }
  }

  @Test func theTitleIsEscaped() {
    let svg = TrainingCurve(history([1]), title: "a<b> & \"c\"").svg
    #expect(svg.contains(">a&lt;b&gt; &amp; \"c\"</text>"))
  }

  @Test(arguments: [[], [1.0], [0, 0, 0], [.nan], (0..<3000).map { 1 / Double($0 + 1) }])
  func everyHistoryGivesWellFormedXML(losses: [Double]) throws {
    for before in [nil, 0.5] {
      let svg = TrainingCurve(history(losses, before: before), title: "t & t").svg
      #expect(svg.hasPrefix("<svg ") && svg.hasSuffix("</svg>\n"))
      #expect(svg.count < 200_000)
      let opened = svg.split(separator: "\n").filter { $0.hasPrefix("<text") }
      #expect(opened.allSatisfy { $0.hasSuffix("</text>") })
    }
  }

  @Test func theEpochAxisHasFewLabels() throws {
    let svg = TrainingCurve(history((0..<50).map { 3 / Double($0 + 1) }), title: "t").svg
    let ticks = try elements("text", in: svg).filter { $0.contains("y=\"412.0\"") }
    #expect(ticks.count == 11)
  }
}
