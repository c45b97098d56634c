/// How bytes travel between the host and the image.
public enum Transport: Equatable, Codable, Sendable {
  /// Semihosting file calls on two named pipes.
  case semihosting
  case uart(UART)

  /// A serial port's register block.
  public struct UART: Equatable, Codable, Sendable {
    public enum Kind: String, CaseIterable, Codable, Sendable {
      /// Arm's CMSDK APB UART, as in the MPS2 and MPS3 boards.
      case cmsdk
    }

    public var kind: Kind
    public var base: UInt64
    /// The clock of the peripheral, in Hz.
    public var clock: Int?
    public var baud: Int

    public init(kind: Kind, base: UInt64, clock: Int? = nil, baud: Int = 115_200) {
      self.kind = kind
      self.base = base
      self.clock = clock
      self.baud = baud
    }
  }

  /// `semihosting` or `uart`.
  public var name: String {
    switch self {
    case .semihosting: "semihosting"
    case .uart: "uart"
    }
  }
}
