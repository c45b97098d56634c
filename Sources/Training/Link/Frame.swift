/// One message on the link between host and device, protocol version 1.
///
/// On the wire, little-endian: magic `"TSDK"`, type (1 byte), 0 (1 byte), sequence (2 bytes), payload
/// length (4 bytes), CRC-32 of these 12 bytes (4 bytes), the payload, CRC-32 of the payload (4 bytes). The
/// payloads are listed at `Kind`. A reply repeats the sequence of its request; 0 is unasked for. The
/// device's side, and the whole of the rules, is `tinysdk_protocol.h`.
public struct Frame: Sendable, Equatable {
  /// What a frame says; the number is its type on the wire.
  public enum Kind: UInt8, Sendable, CaseIterable {
    /// To the device: u32 version, u8[16] build hash, u32 input bytes, u32 classes, u32 state bytes, u32
    /// measure. To the host: the same up to the state bytes, then u32 profiled operators, u32 unit of costs
    /// (`CostUnit`).
    case hello = 1
    /// u32 flags (1: learn, 2: send the outputs, 4: count the prediction), i32 label, f32 rate, s8[] input.
    case sample
    /// f32 loss, i32 prediction, u64 cost, f32[] outputs.
    case result
    /// u32 offset, u32 bytes.
    case stateRead
    /// The bytes asked for.
    case state
    /// u32 offset, then the bytes.
    case stateWrite
    /// Empty: back to the initial trainable state.
    case reset
    /// To the device: u32 clear. To the host, for each operator: u64 cost, u32 calls.
    case profile
    /// To the device: empty. To the host: u32 bytes used at most, u32 bytes there are.
    case stack
    /// Empty: a write, a reset or a clearing has been carried out.
    case done
    /// Text for the console.
    case log
    /// u32 code, text.
    case error
    /// Empty: the last frame arrived damaged.
    case nak
    /// Empty: no more samples.
    case quit
    /// i32 exit code of the device's main.
    case bye
    /// To the device: u32 clear. To the host: u32 correct, u32 total, u32[classes * classes] counts by label
    /// and prediction.
    case evaluation
    /// To the device: empty. To the host: u32 steps, u32 correct, f32 mean loss of the window; u32 restored,
    /// u32 kept of the guard.
    case learning
  }

  public static let protocolVersion: UInt32 = 1
  static let magic: [UInt8] = Array("TSDK".utf8)
  static let headerBytes = 16

  public var kind: Kind
  public var sequence: UInt16
  public var payload: [UInt8]

  public init(_ kind: Kind, sequence: UInt16, payload: [UInt8] = []) {
    self.kind = kind
    self.sequence = sequence
    self.payload = payload
  }
}

/// What costs are counted in.
public enum CostUnit: UInt32, Sendable {
  case none
  case instructions
  case ticks
}
