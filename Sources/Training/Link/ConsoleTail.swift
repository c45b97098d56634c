import Synchronization

/// The last lines of a console, for the error that ends it.
final class ConsoleTail: Sendable {
  private let limit: Int
  private let lines = Mutex<[String]>([])

  init(limit: Int) {
    self.limit = limit
  }

  func append(_ line: String) {
    lines.withLock { lines in
      lines.append(String(line.reversed().drop { $0.isNewline }.reversed()))
      if lines.count > limit { lines.removeFirst(lines.count - limit) }
    }
  }

  var text: String { lines.withLock { $0.joined(separator: "\n") } }
}
