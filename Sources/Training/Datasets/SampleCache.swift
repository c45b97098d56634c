import Synchronization

/// Keeps preprocessed inputs in memory, up to a limit; those beyond it are made again each time.
final class SampleCache: Sendable {
  private struct State {
    var inputs: [[Int8]?]
    var byteCount = 0
  }

  private let state: Mutex<State>
  private let byteLimit: Int

  init(count: Int, byteLimit: Int) {
    state = Mutex(State(inputs: Array(repeating: nil, count: count)))
    self.byteLimit = byteLimit
  }

  /// The kept input, or the one that `make` makes, outside the lock.
  func input(at index: Int, make: () throws -> [Int8]) rethrows -> [Int8] {
    if let kept = state.withLock({ $0.inputs[index] }) { return kept }
    let made = try make()
    state.withLock { state in
      guard state.inputs[index] == nil, state.byteCount + made.count <= byteLimit else { return }
      state.inputs[index] = made
      state.byteCount += made.count
    }
    return made
  }
}
