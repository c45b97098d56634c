/// The device by which a program erases and programs its own chip's flash.
public struct FlashController: Equatable, Codable, Sendable {
  /// How it is spoken to; the runtime has one driver for each.
  public enum Driver: String, CaseIterable, Codable, Sendable {
    /// The non-volatile memory controller of Nordic's nRF51 series: whole words, pages of 1 KiB.
    case nrf51NVMC = "nrf51-nvmc"

    /// What it programs at once.
    public var wordBytes: Int {
      switch self {
      case .nrf51NVMC: 4
      }
    }
  }

  public var driver: Driver
  /// The flash region that it writes. Its `erase-sector` is the page, its `program-width` the word.
  public var region: String
  /// The register block's address.
  public var base: UInt64

  public init(driver: Driver, region: String, base: UInt64) {
    self.driver = driver
    self.region = region
    self.base = base
  }
}
