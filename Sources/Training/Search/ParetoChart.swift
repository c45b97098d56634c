import Foundation

/// Draws schemes as SVG, 800 by 450: memory to the right, accuracy upward, the Pareto front joined by a line.
public struct ParetoChart: Sendable {
  /// One scheme.
  public struct Point: Sendable, Equatable {
    public var name: String
    public var sramBytes: Int
    /// 0 ... 1.
    public var accuracy: Double
    public var isOnFront: Bool

    public init(name: String, sramBytes: Int, accuracy: Double, isOnFront: Bool) {
      self.name = name
      self.sramBytes = sramBytes
      self.accuracy = accuracy
      self.isOnFront = isOnFront
    }
  }

  public let points: [Point]
  public let title: String

  public init(_ points: [Point], title: String) {
    self.points = points
    self.title = title
  }

  private static let (left, right, top, bottom) = (72.0, 760.0, 64.0, 392.0)

  /// The whole drawing.
  public var svg: String {
    let head = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"800\" height=\"450\" viewBox=\"0 0 800 450\" "
        + "font-family=\"Helvetica, Arial, sans-serif\" font-size=\"12\" fill=\"#374151\">",
      "<rect width=\"800\" height=\"450\" fill=\"#ffffff\"/>",
      svgText(Self.left, 32, "start", title, "font-size=\"17\" font-weight=\"bold\""),
      svgText((Self.left + Self.right) / 2, 436, "middle", "SRAM in kB"),
      svgText(22, 48, "start", "accuracy in %"),
    ]
    return (head + grid + front + marks + ["</svg>", ""]).joined(separator: "\n")
  }

  private var memory: ClosedRange<Double> {
    let values = points.map { Double($0.sramBytes) / 1000 }
    return padded(values)
  }

  private var accuracy: ClosedRange<Double> { padded(points.map { 100 * $0.accuracy }) }

  private func padded(_ values: [Double]) -> ClosedRange<Double> {
    let (low, high) = (values.min() ?? 0, values.max() ?? 1)
    let margin = max(0.5, (high - low) * 0.08)
    return (low - margin)...(high + margin)
  }

  private func place(_ point: Point) -> (x: Double, y: Double) {
    let (memory, accuracy) = (memory, accuracy)
    let across =
      (Double(point.sramBytes) / 1000 - memory.lowerBound) / (memory.upperBound - memory.lowerBound)
    let up = (100 * point.accuracy - accuracy.lowerBound) / (accuracy.upperBound - accuracy.lowerBound)
    return (
      Self.left + across * (Self.right - Self.left), Self.bottom - up * (Self.bottom - Self.top)
    )
  }

  private var grid: [String] {
    (0...5).flatMap { step -> [String] in
      let share = Double(step) / 5
      let y = Self.bottom - share * (Self.bottom - Self.top)
      let x = Self.left + share * (Self.right - Self.left)
      let percent = accuracy.lowerBound + share * (accuracy.upperBound - accuracy.lowerBound)
      let kilobytes = memory.lowerBound + share * (memory.upperBound - memory.lowerBound)
      return [
        "<line x1=\"\(svgNumber(Self.left))\" x2=\"\(svgNumber(Self.right))\" y1=\"\(svgNumber(y))\" y2=\"\(svgNumber(y))\" "
          + "stroke=\"#e5e7eb\"/>",
        svgText(Self.left - 8, y + 4, "end", String(format: "%.1f", percent)),
        svgText(x, Self.bottom + 20, "middle", String(format: "%.0f", kilobytes)),
      ]
    }
  }

  private var front: [String] {
    let path = points.filter(\.isOnFront).sorted { $0.sramBytes < $1.sramBytes }.map { point in
      let place = place(point)
      return "\(svgNumber(place.x)),\(svgNumber(place.y))"
    }
    return ["<polyline points=\"\(path.joined(separator: " "))\" fill=\"none\" stroke=\"#1d4ed8\"/>"]
  }

  private var marks: [String] {
    points.flatMap { point -> [String] in
      let place = place(point)
      let colour = point.isOnFront ? "#1d4ed8" : "#9ca3af"
      return [
        "<circle cx=\"\(svgNumber(place.x))\" cy=\"\(svgNumber(place.y))\" r=\"4\" fill=\"\(colour)\"/>",
        svgText(place.x + 7, place.y - 6, "start", point.name),
      ]
    }
  }
}
