import Synchronization
import Training

/// A transport whose other end is a function from one frame to the bytes that answer it.
final class LoopbackDevice: ByteTransport {
  let incoming: AsyncThrowingStream<[UInt8], any Error>
  private let pieces: AsyncThrowingStream<[UInt8], any Error>.Continuation
  private let decoder = Mutex(FrameDecoder())
  private let answer: @Sendable (Frame) -> [UInt8]

  init(_ answer: @escaping @Sendable (Frame) -> [UInt8]) {
    self.answer = answer
    (incoming, pieces) = AsyncThrowingStream.makeStream(of: [UInt8].self)
  }

  func send(_ bytes: [UInt8]) {
    let frames = decoder.withLock { decoder in
      decoder.append(bytes)
      var frames: [Frame] = []
      while case .frame(let frame) = decoder.next() { frames.append(frame) }
      return frames
    }
    for frame in frames { pieces.yield(answer(frame)) }
  }

  func close() {
    pieces.finish()
  }

  /// The device goes away.
  func end() {
    pieces.finish(throwing: LinkError.deviceEnded(exitCode: 9, console: "last words"))
  }

  /// The greeting of an image of `model`.
  static func hello(_ request: Frame, _ model: ModelInterface, version: UInt32 = 1) -> Frame {
    let numbers = [model.inputBytes, model.classes, model.stateBytes, 0, 0].map { UInt32($0) }
    let payload = bytes(of: version) + model.buildHash + numbers.flatMap(bytes(of:))
    return Frame(.hello, sequence: request.sequence, payload: payload)
  }

  static func bytes(of value: UInt32) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
  }
}
