import Compiler
import Synchronization

/// Caches of samples at the edges of frozen prefixes, one for each prefix; of the ones that are not in use
/// the longest unused goes first.
final class EdgeStore: Sendable {
  private struct Entry {
    var identity: [UInt8]
    var cache: EdgeCache
  }

  private let entries = Mutex<[Entry]>([])
  private let limit: Int

  /// - Parameter limit: how many prefixes are kept.
  init(limit: Int = 6) {
    self.limit = limit
  }

  /// The cache for a plan; plans with the same prefix share one.
  func cache(for plan: Plan) -> EdgeCache {
    guard let prefix = plan.frozenPrefix else { return EdgeCache(byteLimit: 0) }
    let identity = plan.identity(of: prefix)
    return entries.withLock { entries in
      let known = entries.firstIndex { $0.identity == identity }
      let entry = known.map { entries.remove(at: $0) } ?? Entry(identity: identity, cache: EdgeCache())
      entries.append(entry)
      if entries.count > limit { entries.removeFirst() }
      return entry.cache
    }
  }
}
