import Foundation
import Synchronization

/// One open file that never blocks and that no child process inherits.
final class Descriptor: Sendable {
  private let number: Mutex<Int32>

  /// - Throws: `LinkError.pipe`.
  init(opening path: String, _ mode: Int32) throws {
    let opened = open(path, mode | O_NONBLOCK | O_CLOEXEC)
    guard opened >= 0 else { throw LinkError.pipe(path: path, reason: String(cString: strerror(errno))) }
    number = Mutex(opened)
  }

  init(adopting opened: Int32) {
    _ = fcntl(opened, F_SETFL, fcntl(opened, F_GETFL) | O_NONBLOCK)
    _ = fcntl(opened, F_SETFD, FD_CLOEXEC)
    number = Mutex(opened)
  }

  deinit {
    close()
  }

  /// The file's number; -1 once closed.
  var value: Int32 { number.withLock { $0 } }

  func close() {
    number.withLock {
      if $0 >= 0 { _ = Foundation.close($0) }
      $0 = -1
    }
  }

  /// Bytes read; 0 at the end or on an error, -1 when there are none yet.
  func read(into buffer: inout [UInt8]) -> Int {
    let count = number.withLock { Foundation.read($0, &buffer, buffer.count) }
    return count < 0 && (errno == EAGAIN || errno == EINTR) ? -1 : max(count, 0)
  }

  /// Bytes written; 0 when there is no room yet, -1 on an error.
  func write(_ bytes: ArraySlice<UInt8>) -> Int {
    let count = number.withLock { number in
      bytes.withUnsafeBytes { Foundation.write(number, $0.baseAddress, $0.count) }
    }
    return count < 0 && (errno == EAGAIN || errno == EINTR) ? 0 : count
  }
}
