import Synchronization
import Training

/// A transport that damages some of the bytes that pass through it.
final class NoisyTransport: ByteTransport {
  let incoming: AsyncThrowingStream<[UInt8], any Error>
  private let carrier: any ByteTransport
  private let damaged: Set<Int>
  private let sent = Mutex(0)

  /// - Parameters:
  ///   - outgoing: positions in all that is sent whose byte is changed.
  ///   - incoming: positions in all that is received whose byte is changed.
  init(over carrier: any ByteTransport, outgoing: Set<Int>, incoming damagedIncoming: Set<Int>) {
    self.carrier = carrier
    damaged = outgoing
    let (stream, pieces) = AsyncThrowingStream.makeStream(of: [UInt8].self)
    incoming = stream
    Task {
      var position = 0
      do {
        for try await piece in carrier.incoming {
          pieces.yield(damage(piece, from: position, at: damagedIncoming))
          position += piece.count
        }
        pieces.finish()
      } catch {
        pieces.finish(throwing: error)
      }
    }
  }

  func send(_ bytes: [UInt8]) {
    let start = sent.withLock { sent in
      defer { sent += bytes.count }
      return sent
    }
    carrier.send(damage(bytes, from: start, at: damaged))
  }

  func close() {
    carrier.close()
  }
}

private func damage(_ bytes: [UInt8], from start: Int, at positions: Set<Int>) -> [UInt8] {
  bytes.enumerated().map { positions.contains(start + $0.offset) ? $0.element ^ 0x10 : $0.element }
}
