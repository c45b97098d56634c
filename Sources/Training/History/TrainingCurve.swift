import Foundation

/// Draws a history as SVG, 800 by 450: the loss on the left axis, the accuracy in percent on the right,
/// over epochs.
public struct TrainingCurve: Sendable {
  public let history: TrainingHistory
  public let title: String
  private let firstEpoch: Int
  private let lastEpoch: Int

  public init(_ history: TrainingHistory, title: String) {
    self.history = history
    self.title = title
    let epochs = history.entries.map(\.epoch)
    let last = max(1, epochs.max() ?? 1)
    // Epoch 0 is on the axis where there is an accuracy before training.
    let startsAtFirst = history.accuracyBefore == nil && last > 1
    firstEpoch = startsAtFirst ? min(last - 1, epochs.min() ?? 0) : 0
    lastEpoch = last
  }

  private static let lossColour = "#c2410c"
  private static let accuracyColour = "#1d4ed8"
  private static let (left, right, top, bottom) = (72.0, 728.0, 76.0, 392.0)
  /// Both axes have as many steps, so that one grid serves both.
  private static let gridSteps = 5

  private struct Point {
    let x: Double
    let y: Double
  }

  /// The whole drawing. Values that are not finite leave a gap.
  public var svg: String {
    let scale = lossScale
    let loss = history.entries.map { (Double($0.epoch), $0.loss / scale) }
    let before = history.accuracyBefore.map { [(0.0, $0)] } ?? []
    let accuracy = before + history.entries.map { (Double($0.epoch), $0.accuracy) }
    let parts =
      [header] + grid(lossScale: scale) + epochAxis + curve(loss, Self.lossColour)
      + curve(accuracy, Self.accuracyColour) + legend + ["</svg>"]
    return parts.joined(separator: "\n") + "\n"
  }

  private var header: String {
    """
    <svg xmlns="http://www.w3.org/2000/svg" width="800" height="450" viewBox="0 0 800 450" \
    font-family="Helvetica, Arial, 'DejaVu Sans', sans-serif" font-size="13" fill="#374151">
    <rect width="800" height="450" fill="#ffffff"/>
    \(svgText(Self.left, 34, "start", title, "font-size=\"17\" font-weight=\"bold\" fill=\"#111827\""))
    """
  }

  /// The loss at the top of its axis: the smallest of 1, 2, 2.5, 4 or 5 times a power of ten per grid step
  /// that fits.
  private var lossScale: Double {
    let largest = history.entries.map(\.loss).filter(\.isFinite).max() ?? 0
    guard largest > 0 else { return 1 }
    let step = largest / Double(Self.gridSteps)
    let power = pow(10, log10(step).rounded(.down))
    let factor = [1, 2, 2.5, 4, 5].first { $0 * power >= step } ?? 10
    return factor * power * Double(Self.gridSteps)
  }

  private func point(_ epoch: Double, _ share: Double) -> Point {
    let along = (epoch - Double(firstEpoch)) / Double(lastEpoch - firstEpoch)
    return Point(
      x: Self.left + along * (Self.right - Self.left), y: Self.bottom - share * (Self.bottom - Self.top))
  }

  private func grid(lossScale: Double) -> [String] {
    let lines = (0...Self.gridSteps).flatMap { step -> [String] in
      let share = Double(step) / Double(Self.gridSteps)
      let y = point(0, share).y
      let colour = step == 0 ? "#6b7280" : "#e5e7eb"
      return [
        "<line x1=\"\(svgNumber(Self.left))\" y1=\"\(svgNumber(y))\" x2=\"\(svgNumber(Self.right))\" "
          + "y2=\"\(svgNumber(y))\" stroke=\"\(colour)\"/>",
        svgText(Self.left - 10, y + 4.5, "end", String(format: "%.3g", share * lossScale)),
        svgText(Self.right + 10, y + 4.5, "start", "\(Int(100 * share)) %"),
      ]
    }
    let middle = (Self.top + Self.bottom) / 2
    return lines + [
      axisName("loss", x: 22, y: middle, Self.lossColour),
      axisName("held-out accuracy", x: 786, y: middle, Self.accuracyColour),
    ]
  }

  private var epochAxis: [String] {
    let span = lastEpoch - firstEpoch
    let step = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].first { span / $0 <= 12 } ?? span
    let ticks = (firstEpoch...lastEpoch).filter { $0 % step == 0 }
    let labels = ticks.map { svgText(point(Double($0), 0).x, Self.bottom + 20, "middle", "\($0)") }
    return labels + [svgText((Self.left + Self.right) / 2, Self.bottom + 44, "middle", "epoch")]
  }

  /// A line through the finite points with a dot on each while there are few, and the last one marked.
  private func curve(_ values: [(epoch: Double, share: Double)], _ colour: String) -> [String] {
    let runs = values.split { !$0.share.isFinite }.map { run in run.map { point($0.epoch, $0.share) } }
    let points = runs.flatMap { $0 }
    let lines = runs.filter { $0.count > 1 }.map { run in
      let path = run.map { "\(svgNumber($0.x)),\(svgNumber($0.y))" }.joined(separator: " ")
      return "<polyline points=\"\(path)\" fill=\"none\" stroke=\"\(colour)\" stroke-width=\"2.5\" "
        + "stroke-linejoin=\"round\" stroke-linecap=\"round\"/>"
    }
    let dots = points.count <= 40 ? points : Array(points.suffix(1))
    return lines
      + dots.map {
        "<circle cx=\"\(svgNumber($0.x))\" cy=\"\(svgNumber($0.y))\" r=\"3.5\" fill=\"\(colour)\"/>"
      }
  }

  private var legend: [String] {
    let last = history.entries.last
    let loss = last.map { String(format: "loss %.3g", $0.loss) } ?? "loss"
    let accuracy = last.map { String(format: "accuracy %.1f %%", 100 * $0.accuracy) } ?? "accuracy"
    let before = history.accuracyBefore.map { String(format: " (before: %.1f %%)", 100 * $0) } ?? ""
    return legendEntry(Self.left, loss, Self.lossColour)
      + legendEntry(Self.left + 130, accuracy + before, Self.accuracyColour)
  }

  private func legendEntry(_ x: Double, _ name: String, _ colour: String) -> [String] {
    [
      "<line x1=\"\(svgNumber(x))\" y1=\"54\" x2=\"\(svgNumber(x + 22))\" y2=\"54\" stroke=\"\(colour)\" "
        + "stroke-width=\"3\" stroke-linecap=\"round\"/>",
      svgText(x + 30, 58.5, "start", name),
    ]
  }

  private func axisName(_ name: String, x: Double, y: Double, _ colour: String) -> String {
    let turn = "rotate(-90 \(svgNumber(x)) \(svgNumber(y)))"
    return svgText(x, y, "middle", name, "fill=\"\(colour)\" transform=\"\(turn)\"")
  }
}
