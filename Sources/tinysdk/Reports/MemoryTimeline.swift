import Compiler
import Graph
import ImageBuild
import Training

/// The arena over the whole step as an SVG picture: steps to the right, addresses upward, one box for
/// everything that lies in the arena.
package func memoryTimeline(_ plan: Plan, title: String) -> String {
  let frame = TimelineFrame(plan)
  var lines = [
    "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(frame.width) \(frame.height)\" "
      + "font-family=\"Helvetica, Arial, sans-serif\" font-size=\"12\">",
    "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>",
    text(title, x: frame.left, y: 26, size: 17, weight: "bold"),
    text(subtitle(plan), x: frame.left, y: 46, color: "#5b6470"),
  ]
  lines += phaseBands(plan, frame) + grid(plan, frame)
  lines += plan.arena.items.map { box($0, plan, frame) }
  lines += peakMark(plan, frame) + legend(frame)
  return (lines + ["</svg>", ""]).joined(separator: "\n")
}

private func subtitle(_ plan: Plan) -> String {
  "\(plan.board ?? "no board"), update \(plan.options.update.name): arena \(grouped(plan.arena.bytes)) bytes, peak at "
    + plan.operatorName(at: plan.arena.peakStep)
}

/// Where steps and addresses lie in the picture.
private struct TimelineFrame {
  let left = 72.0
  let top = 84.0
  let plotWidth: Double
  let plotHeight = 460.0
  /// Columns: the time before the first step, then one for each.
  let columns: Int
  let bytes: Int

  init(_ plan: Plan) {
    columns = plan.steps.count + 1
    bytes = max(1, plan.arena.bytes)
    plotWidth = max(720, min(1600, Double(columns) * 9))
  }

  var width: Double { left + plotWidth + 24 }
  var height: Double { top + plotHeight + 76 }
  var bottom: Double { top + plotHeight }

  /// The left edge of a step's column.
  func x(_ step: Int) -> Double { left + plotWidth * Double(step + 1) / Double(columns) }
  func y(_ offset: Int) -> Double { bottom - plotHeight * Double(offset) / Double(bytes) }
}

/// What lies in the arena, by what it is for.
private enum ArenaUse: String, CaseIterable {
  case input = "input"
  case kept = "kept for the backward half"
  case forward = "activation"
  case gradient = "gradient"
  case scratch = "scratch"

  init(_ item: ArenaPlan.Item, _ plan: Plan) {
    let backward = plan.steps.firstIndex { $0.node.phase != .forward } ?? plan.steps.count
    self =
      if item.first < 0 { .input } else if item.name.hasSuffix(":scratch") {
        .scratch
      } else if item.first
        >= backward
      { .gradient } else if item.last > backward { .kept } else { .forward }
  }

  var color: String {
    switch self {
    case .input: "#8a94a6"
    case .kept: "#e07a3f"
    case .forward: "#4f8fd0"
    case .gradient: "#4aa564"
    case .scratch: "#b9a7d9"
    }
  }
}

private func box(_ item: ArenaPlan.Item, _ plan: Plan, _ frame: TimelineFrame) -> String {
  let last = min(item.last, plan.steps.count - 1)
  let (x, y) = (frame.x(item.first), frame.y(item.offset + item.bytes))
  let (width, height) = (frame.x(last + 1) - x, frame.y(item.offset) - y)
  let label = "\(item.name): \(grouped(item.bytes)) bytes at \(item.offset)"
  var lines = [
    "<g><title>\(svgEscaped(label))</title><rect x=\"\(rounded(x))\" y=\"\(rounded(y))\" width=\"\(rounded(max(width, 1)))\" "
      + "height=\"\(rounded(max(height, 0.6)))\" fill=\"\(ArenaUse(item, plan).color)\" "
      + "stroke=\"#ffffff\" stroke-width=\"0.6\"/>"
  ]
  // A character of this size is about 6 wide; what later takes the same place covers the rest.
  let covered = plan.arena.items.filter { item.first < $0.first && item.overlaps($0) }.map(\.first).min()
  let room = Int((frame.x(min(covered ?? .max, last + 1)) - x - 8) / 6)
  if height >= 15, room >= 4 {
    let name = item.name.count <= room ? item.name : "\(item.name.prefix(room - 1))…"
    lines.append(text(name, x: x + 4, y: y + min(height / 2 + 4, 16), size: 11, color: "#ffffff"))
  }
  return lines.joined() + "</g>"
}

extension ArenaPlan.Item {
  /// Whether both are in one place at one time: one is computed in the place of the other.
  fileprivate func overlaps(_ other: ArenaPlan.Item) -> Bool {
    first <= other.last && other.first <= last && offset < other.offset + other.bytes
      && other.offset < offset + bytes
  }
}

/// The forward half, the loss and the backward half as bands behind the boxes.
private func phaseBands(_ plan: Plan, _ frame: TimelineFrame) -> [String] {
  var runs: [(name: String, first: Int, last: Int)] = []
  for (step, phase) in plan.steps.map(\.node.phase).enumerated() {
    let name = phase == .forward ? "forward" : phase == .loss ? "loss" : "backward and update"
    if runs.last?.name == name { runs[runs.count - 1].last = step } else { runs.append((name, step, step)) }
  }
  return runs.enumerated().flatMap { index, run in
    let (x, end) = (frame.x(run.first), frame.x(run.last + 1))
    let band =
      "<rect x=\"\(rounded(x))\" y=\"\(frame.top - 20)\" width=\"\(rounded(end - x))\" "
      + "height=\"\(frame.plotHeight + 20)\" fill=\"\(index % 2 == 0 ? "#f3f5f8" : "#e8ecf2")\"/>"
    let fits = (end - x) > Double(run.name.count) * 6.5
    return fits ? [band, text(run.name, x: x + 6, y: frame.top - 6, color: "#5b6470")] : [band]
  }
}

/// Lines at round numbers of KiB, and step numbers below.
private func grid(_ plan: Plan, _ frame: TimelineFrame) -> [String] {
  let spacing = [1, 2, 4, 8, 16, 32, 64, 128, 256].first { $0 * 1024 * 8 >= frame.bytes } ?? 512
  let addresses = stride(from: 0, through: frame.bytes, by: spacing * 1024).flatMap { offset in
    let y = frame.y(offset)
    return [
      "<line x1=\"\(frame.left)\" x2=\"\(frame.left + frame.plotWidth)\" y1=\"\(rounded(y))\" y2=\"\(rounded(y))\" "
        + "stroke=\"#c9d0da\" stroke-width=\"0.7\"/>",
      text("\(offset / 1024) KiB", x: frame.left - 8, y: y + 4, color: "#5b6470", anchor: "end"),
    ]
  }
  let every = [1, 2, 5, 10, 20, 50, 100, 200].first { plan.steps.count / $0 <= 20 } ?? 500
  let steps = stride(from: 0, to: plan.steps.count, by: every).map { step in
    text(
      "\(step)", x: (frame.x(step) + frame.x(step + 1)) / 2, y: frame.bottom + 18, color: "#5b6470",
      anchor: "middle")
  }
  return addresses + steps + [
    text("step", x: frame.left + frame.plotWidth, y: frame.bottom + 36, color: "#5b6470", anchor: "end")
  ]
}

private func peakMark(_ plan: Plan, _ frame: TimelineFrame) -> [String] {
  let x = (frame.x(plan.arena.peakStep) + frame.x(plan.arena.peakStep + 1)) / 2
  return [
    "<line x1=\"\(rounded(x))\" x2=\"\(rounded(x))\" y1=\"\(frame.top)\" y2=\"\(frame.bottom)\" stroke=\"#c0392b\" "
      + "stroke-width=\"1.2\" stroke-dasharray=\"4 3\"/>",
    text("peak", x: x + 5, y: frame.top + 12, size: 11, color: "#c0392b"),
  ]
}

private func legend(_ frame: TimelineFrame) -> [String] {
  var x = frame.left
  return ArenaUse.allCases.flatMap { use -> [String] in
    let y = frame.bottom + 50
    let entry = [
      "<rect x=\"\(rounded(x))\" y=\"\(y - 10)\" width=\"12\" height=\"12\" fill=\"\(use.color)\"/>",
      text(use.rawValue, x: x + 18, y: y, color: "#2b323b"),
    ]
    x += 42 + Double(use.rawValue.count) * 6.2
    return entry
  }
}

private func text(
  _ content: String, x: Double, y: Double, size: Int = 12, color: String = "#1d232a",
  weight: String = "normal",
  anchor: String = "start"
) -> String {
  "<text x=\"\(rounded(x))\" y=\"\(rounded(y))\" font-size=\"\(size)\" font-weight=\"\(weight)\" fill=\"\(color)\" "
    + "text-anchor=\"\(anchor)\">\(svgEscaped(content))</text>"
}

private func rounded(_ value: Double) -> Double { (value * 100).rounded() / 100 }
