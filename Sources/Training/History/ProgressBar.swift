import Foundation

/// One line about a running epoch: `[=====>    ] 812/1500  loss 0.412  acc 87.1 %  531 img/s  ETA 0:12`.
/// A plain value; the command line draws it, and only on a terminal.
public struct ProgressBar: Sendable, Equatable {
  public var done: Int
  public var total: Int
  /// The mean loss so far; nil before the first step, and while testing.
  public var loss: Double?
  /// The share of samples classified right so far, 0 ... 1.
  public var accuracy: Double?
  /// Samples per second.
  public var rate: Double

  public init(done: Int, total: Int, loss: Double? = nil, accuracy: Double? = nil, rate: Double = 0) {
    self.done = done
    self.total = total
    self.loss = loss
    self.accuracy = accuracy
    self.rate = rate
  }

  private static let widestBar = 40
  private static let narrowestBar = 6

  /// The line, at most `width` columns wide. The bar takes what the text leaves; where that is too little,
  /// fields go from the right, and then the bar.
  public func line(width: Int) -> String {
    var fields = self.fields
    while fields.count > 1 && barWidth(beside: fields, in: width) < Self.narrowestBar { fields.removeLast() }
    let room = min(barWidth(beside: fields, in: width), Self.widestBar)
    let text = fields.joined(separator: "  ")
    return room < Self.narrowestBar ? String(text.prefix(max(width, 0))) : bar(room) + " " + text
  }

  private var fields: [String] {
    let count = String(repeating: " ", count: max(0, "\(total)".count - "\(done)".count)) + "\(done)/\(total)"
    return [
      count, loss.map { String(format: "loss %.3f", $0) },
      accuracy.map { String(format: "acc %.1f %%", 100 * $0) },
      hasRate ? String(format: rate < 10 ? "%.1f img/s" : "%.0f img/s", rate) : nil, "ETA " + remaining,
    ].compactMap { $0 }
  }

  private var hasRate: Bool { rate.isFinite && rate > 0 }

  private func barWidth(beside fields: [String], in width: Int) -> Int {
    width - fields.joined(separator: "  ").count - "[] ".count
  }

  private func bar(_ room: Int) -> String {
    let share = total > 0 ? min(1, max(0, Double(done) / Double(total))) : 1
    let filled = Int(share * Double(room))
    let head = filled < room ? ">" : ""
    let body = String(repeating: "=", count: filled) + head
    return "[" + body + String(repeating: " ", count: room - body.count) + "]"
  }

  /// Hours, minutes and seconds until the end at this rate, rounded up.
  private var remaining: String {
    let exact = (Double(max(0, total - done)) / rate).rounded(.up)
    guard hasRate, exact < 360_000 else { return "--:--" }
    let seconds = Int(exact)
    let tail = String(format: "%02d", seconds % 60)
    if seconds < 3600 { return "\(seconds / 60):\(tail)" }
    return "\(seconds / 3600):" + String(format: "%02d", seconds / 60 % 60) + ":\(tail)"
  }
}
