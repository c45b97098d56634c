import Foundation

/// Draws a contribution analysis as SVG: a bar for each share of each layer's weights, in points of accuracy
/// above the biases alone, one for its bias, and a line for the growing number of biases.
public struct ContributionChart: Sendable {
  public let contribution: Contribution
  public let title: String

  public init(_ contribution: Contribution, title: String) {
    self.contribution = contribution
    self.title = title
  }

  private static let colours = ["#bfdbfe", "#60a5fa", "#2563eb", "#1e3a8a"]
  private static let biasColour = "#c2410c"
  private static let layerBiasColour = "#fdba74"
  private static let (left, top, plotHeight, groupWidth) = (72.0, 84.0, 300.0, 44.0)

  private var layers: [Int] {
    Set(contribution.weights.map(\.layer) + contribution.layerBiases.map(\.layer)).sorted()
  }
  private var fractions: [Double] { Set(contribution.weights.map(\.fraction)).sorted() }
  private var width: Double { Self.left + max(420, Double(layers.count) * Self.groupWidth) + 40 }
  private var bottom: Double { Self.top + Self.plotHeight }

  /// The axis, in whole points, with room for every bar and line.
  private var range: ClosedRange<Double> {
    let biases = contribution.biases.map(\.gain) + contribution.layerBiases.map(gain)
    let gains = (contribution.weights.map(\.gain) + biases).map { 100 * $0 }
    return min(-1, (gains.min() ?? 0).rounded(.down))...max(1, (gains.max() ?? 0).rounded(.up))
  }

  private func y(_ points: Double) -> Double {
    bottom - (points - range.lowerBound) / (range.upperBound - range.lowerBound) * Self.plotHeight
  }

  /// The whole drawing.
  public var svg: String {
    let size = "width=\"\(svgNumber(width))\" height=\"500\" viewBox=\"0 0 \(svgNumber(width)) 500\""
    let head = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" \(size) font-family=\"Helvetica, Arial, sans-serif\" font-size=\"12\" "
        + "fill=\"#374151\">",
      "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>",
      svgText(Self.left, 28, "start", title, "font-size=\"17\" font-weight=\"bold\""),
      svgText(
        Self.left, 48, "start",
        String(
          format: "points of accuracy above biases alone (bars) and above the head's %.1f %% (line)",
          100 * contribution.headAccuracy)),
    ]
    return (head + grid + bars + biasLine + legend + ["</svg>", ""]).joined(separator: "\n")
  }

  private var grid: [String] {
    let step = max(1, ((range.upperBound - range.lowerBound) / 8).rounded(.up))
    return stride(from: range.lowerBound, through: range.upperBound, by: step).flatMap { points in
      [
        "<line x1=\"\(svgNumber(Self.left))\" x2=\"\(svgNumber(width - 24))\" y1=\"\(svgNumber(y(points)))\" "
          + "y2=\"\(svgNumber(y(points)))\" stroke=\"\(points == 0 ? "#6b7280" : "#e5e7eb")\"/>",
        svgText(Self.left - 8, y(points) + 4, "end", String(format: "%+.0f", points)),
      ]
    }
  }

  private func gain(_ entry: Contribution.LayerBiasGain) -> Double { contribution.gain(of: entry, .accuracy) }

  private var bars: [String] {
    let barWidth = (Self.groupWidth - 8) / Double(fractions.count + 1)
    return layers.enumerated().flatMap { group, layer -> [String] in
      let x = Self.left + Double(group) * Self.groupWidth + 4
      func bar(_ position: Int, _ gain: Double, _ colour: String, _ what: String) -> String {
        let (from, to) = (y(max(0, 100 * gain)), y(min(0, 100 * gain)))
        return "<rect x=\"\(svgNumber(x + Double(position) * barWidth))\" y=\"\(svgNumber(from))\" "
          + "width=\"\(svgNumber(barWidth))\" height=\"\(svgNumber(max(0.5, to - from)))\" fill=\"\(colour)\">"
          + "<title>\(svgEscaped(what)): " + String(format: "%+.2f", 100 * gain) + " points</title></rect>"
      }
      let weights = contribution.weights.filter { $0.layer == layer }.map { entry in
        let position = fractions.firstIndex(of: entry.fraction) ?? 0
        return bar(
          position, entry.gain, colour(position), "\(entry.name), \(entry.fraction) of its input channels")
      }
      let biases = contribution.layerBiases.filter { $0.layer == layer }.map { entry in
        bar(fractions.count, gain(entry), Self.layerBiasColour, "\(entry.name), its bias")
      }
      return weights + biases
        + [svgText(x + (Self.groupWidth - 8) / 2, bottom + 18, "middle", "\(layer)")]
    }
  }

  /// The gain of the last k biases stands at the layer from which on they learn.
  private var biasLine: [String] {
    guard let last = layers.last else { return [] }
    let points = contribution.biases.sorted { $0.count > $1.count }.map { entry in
      let position = layers.firstIndex { $0 >= last + 1 - entry.count } ?? 0
      return (Self.left + (Double(position) + 0.5) * Self.groupWidth, y(100 * entry.gain))
    }
    let path = points.map { "\(svgNumber($0.0)),\(svgNumber($0.1))" }.joined(separator: " ")
    return [
      "<polyline points=\"\(path)\" fill=\"none\" stroke=\"\(Self.biasColour)\" stroke-width=\"2.5\"/>"
    ]
      + points.map {
        "<circle cx=\"\(svgNumber($0.0))\" cy=\"\(svgNumber($0.1))\" r=\"3.5\" fill=\"\(Self.biasColour)\"/>"
      }
  }

  private var legend: [String] {
    let entries = fractions.enumerated().map { (colour($0.offset), "\($0.element) of the input channels") }
    let all =
      entries + [(Self.layerBiasColour, "the bias"), (Self.biasColour, "biases from this layer on")]
    let axis = svgText((Self.left + width) / 2, bottom + 40, "middle", "layer")
    return [axis]
      + all.enumerated().flatMap { index, entry -> [String] in
        let (x, y) = (Self.left + Double(index % 3) * 190, bottom + 64 + Double(index / 3) * 18)
        return [
          "<rect x=\"\(svgNumber(x))\" y=\"\(svgNumber(y - 9))\" width=\"12\" height=\"10\" fill=\"\(entry.0)\"/>",
          svgText(x + 18, y, "start", entry.1),
        ]
      }
  }

  private func colour(_ position: Int) -> String { Self.colours[position % Self.colours.count] }
}
