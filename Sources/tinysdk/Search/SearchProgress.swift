import Foundation
import Synchronization

/// Tells a person how far a long list of trials or plans is, with an estimate of what is left.
final class SearchProgress: Sendable {
  private let console: Console
  private let title: String
  private let start = ContinuousClock.now
  private let lastTold = Mutex(-1)

  init(_ title: String, console: Console) {
    self.title = title
    self.console = console
  }

  /// - Parameter stored: of the done, those that took no time.
  func tell(_ done: Int, _ total: Int, _ stored: Int) {
    let seconds = start.duration(to: .now) / .seconds(1)
    let rest = done > stored ? seconds / Double(done - stored) * Double(total - done) : nil
    let estimate = rest.map { ", about \(duration($0)) left" } ?? ""
    let known = stored > 0 ? ", \(stored) known already" : ""
    console.progress("\(title): \(done) of \(total)\(known)\(estimate)")
    // A log file gets a line at every tenth.
    let tenth = total == 0 ? 10 : 10 * done / total
    let isNew = lastTold.withLock { told in
      defer { told = max(told, tenth) }
      return tenth > told
    }
    if isNew { console.detail("\(title): \(done) of \(total)\(known)\(estimate)") }
  }

  func finish() { console.progress("") }

  private func duration(_ seconds: Double) -> String {
    let whole = Int(seconds.rounded(.up))
    return whole < 60 ? "\(whole) s" : "\(whole / 60) min \(whole % 60) s"
  }
}
