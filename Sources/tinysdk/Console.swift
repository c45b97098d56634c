import Foundation

/// Where a command writes: results to standard output, everything else to standard error. Progress and
/// colour only where a person sees them.
package struct Console: Sendable {
  /// How much is told beside the result.
  package enum Level: Int, Sendable, Comparable {
    case quiet, normal, verbose

    package static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }
  }

  package var level: Level
  private let isTerminal: Bool
  private let hasColor: Bool

  package init(
    level: Level = .normal, environment: [String: String] = ProcessInfo.processInfo.environment,
    isTerminal: Bool = isatty(STDERR_FILENO) == 1
  ) {
    self.level = level
    self.isTerminal = isTerminal && environment["TERM"] != "dumb"
    hasColor = self.isTerminal && (environment["NO_COLOR"] ?? "").isEmpty
  }

  /// Writes a line of the result.
  package func print(_ text: String) {
    Self.write(text + "\n", to: .standardOutput)
  }

  /// Tells something that is not the result.
  package func note(_ text: String) {
    guard level >= .normal else { return }
    tell(text)
  }

  /// Tells something that only an interested person wants to know.
  package func detail(_ text: String) {
    guard level >= .verbose else { return }
    tell(text)
  }

  package func warning(_ text: String) {
    tell("\(colored("warning:", 33)) \(text)")
  }

  package func error(_ text: String) {
    tell("\(colored("error:", 31)) \(text)")
  }

  /// Replaces the progress line; an empty text removes it.
  package func progress(_ text: String) {
    guard isTerminal, level == .normal else { return }
    Self.write("\r\u{1B}[K" + text.prefix(100), to: .standardError)
  }

  private func tell(_ text: String) {
    progress("")
    Self.write(text + "\n", to: .standardError)
  }

  private func colored(_ text: String, _ color: Int) -> String {
    hasColor ? "\u{1B}[1;\(color)m\(text)\u{1B}[0m" : text
  }

  /// Writes at once. A reader that has gone is no reason to fail.
  package static func write(_ text: String, to handle: FileHandle) {
    try? handle.write(contentsOf: Data(text.utf8))
  }
}
