/// A counter that the image measures time with.
public struct DeviceTimer: Equatable, Codable, Sendable {
  public enum Kind: String, CaseIterable, Codable, Sendable {
    /// Arm's CMSDK APB timer, 32 bits, counting down.
    case cmsdk
    /// The core's SysTick, 24 bits, counting down.
    case systick
  }

  public var kind: Kind
  /// The register block's address; nil for SysTick, which the architecture places.
  public var base: UInt64?
  /// Counts per second, in Hz.
  public var clock: Int

  public init(kind: Kind, base: UInt64? = nil, clock: Int) {
    self.kind = kind
    self.base = base
    self.clock = clock
  }
}
