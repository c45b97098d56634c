/// Carries bytes to a device and back, in order.
public protocol ByteTransport: Sendable {
  /// Everything the device sends, in pieces of any size. Ends by throwing the reason when the device has
  /// gone, and plainly after `close()`. For one reader.
  var incoming: AsyncThrowingStream<[UInt8], any Error> { get }

  /// Queues bytes to the device and returns at once; never splits or reorders calls.
  func send(_ bytes: [UInt8])

  /// Ends both directions; the device sees the end of its input. Harmless when repeated.
  func close()
}
