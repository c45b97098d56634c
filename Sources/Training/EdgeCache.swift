import Synchronization

/// Keeps what samples leave at the edge of a frozen prefix, by the content of the sample, up to a limit;
/// those beyond it are made again each time. May be shared by models with the same prefix, on any thread.
public final class EdgeCache: Sendable {
  private struct Key: Hashable {
    var digest: [UInt8]
  }

  private struct State {
    var edges: [Key: [UInt8]] = [:]
    var byteCount = 0
  }

  private let state = Mutex(State())
  private let byteLimit: Int

  /// - Parameter byteLimit: the most that is kept, in bytes.
  public init(byteLimit: Int = 1 << 30) {
    self.byteLimit = byteLimit
  }

  /// The kept edge of a sample, or the one that `make` makes, outside the lock.
  public func edge(of input: [Int8], make: () throws -> [UInt8]) rethrows -> [UInt8] {
    let key = Key(digest: Digest.sha256Bytes(input))
    if let kept = state.withLock({ $0.edges[key] }) { return kept }
    let made = try make()
    state.withLock { state in
      guard state.byteCount + made.count <= byteLimit else { return }
      if state.edges.updateValue(made, forKey: key) == nil { state.byteCount += made.count }
    }
    return made
  }
}
