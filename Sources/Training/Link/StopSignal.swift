import Foundation

/// Lets a thread wait for a file and be told to stop waiting.
final class StopSignal: Sendable {
  private let waited: Descriptor
  private let raised: Descriptor

  /// - Throws: `LinkError.pipe`.
  init() throws {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else {
      throw LinkError.pipe(path: "(anonymous)", reason: String(cString: strerror(errno)))
    }
    waited = Descriptor(adopting: ends[0])
    raised = Descriptor(adopting: ends[1])
  }

  /// From now on nothing waits.
  func set() {
    _ = raised.write([1])
  }

  /// Waits until `file` is ready for `events`. False when it is time to stop.
  func wait(for file: Descriptor, _ events: Int32) -> Bool {
    var watched = [
      pollfd(fd: waited.value, events: Int16(POLLIN), revents: 0),
      pollfd(fd: file.value, events: Int16(events), revents: 0),
    ]
    guard watched[1].fd >= 0 else { return false }
    while poll(&watched, nfds_t(watched.count), -1) < 0 {
      guard errno == EINTR else { return false }
    }
    return watched[0].revents == 0
  }
}
