import Dispatch
import Foundation

/// A link over two named pipes, with an emulator at the other end.
///
/// Neither side waits for the other to open its end: the host's ends never block. Reading and writing have
/// a queue each, so a device that is busy reading never keeps its results from being read.
public final class PipeTransport: ByteTransport {
  public let incoming: AsyncThrowingStream<[UInt8], any Error>

  private let pieces: AsyncThrowingStream<[UInt8], any Error>.Continuation
  private let input: Descriptor
  private let output: Descriptor
  private let stop: StopSignal
  private let writing = DispatchQueue(label: "tinysdk.link.write")

  /// Opens both pipes, which may be removed once the device has opened them, too.
  ///
  /// - Throws: `LinkError.pipe`.
  public init(_ pipes: LinkPipes) throws {
    input = try Descriptor(opening: pipes.fromDevice, O_RDONLY)
    // For reading, too, so that opening needs no reader yet, and a device that has gone never raises SIGPIPE.
    output = try Descriptor(opening: pipes.toDevice, O_RDWR)
    stop = try StopSignal()
    (incoming, pieces) = AsyncThrowingStream.makeStream(of: [UInt8].self)
    let (input, pieces, stop) = (input, pieces, stop)
    DispatchQueue(label: "tinysdk.link.read").async {
      receive(from: input, until: stop) { pieces.yield($0) }
      pieces.finish(throwing: LinkError.deviceEnded(exitCode: nil, console: ""))
    }
  }

  deinit {
    close()
  }

  public func send(_ bytes: [UInt8]) {
    let (output, stop) = (output, stop)
    writing.async { transmit(bytes, to: output, until: stop) }
  }

  public func close() {
    pieces.finish()
    stop.set()
    let output = output
    writing.async { output.close() }
  }
}

/// Hands over what arrives until the other side closes or `stop` is set.
private func receive(from input: Descriptor, until stop: StopSignal, _ handOver: ([UInt8]) -> Void) {
  var buffer = [UInt8](repeating: 0, count: 1 << 16)
  while stop.wait(for: input, POLLIN) {
    let count = input.read(into: &buffer)
    if count > 0 { handOver(Array(buffer[..<count])) }
    if count == 0 { return }
  }
}

private func transmit(_ bytes: [UInt8], to output: Descriptor, until stop: StopSignal) {
  var rest = bytes[...]
  while !rest.isEmpty, stop.wait(for: output, POLLOUT) {
    let count = output.write(rest)
    guard count >= 0 else { return }
    rest = rest.dropFirst(count)
  }
}
