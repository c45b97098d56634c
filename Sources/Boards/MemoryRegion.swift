/// A named stretch of a chip's memory. The regions of a board are the only statement of sizes: the planner's
/// limit, the linker script, the memory guard and the usage bars all come from them.
public struct MemoryRegion: Equatable, Codable, Sendable {
  /// What the memory is made of and how the core reaches it.
  public enum Kind: String, CaseIterable, Codable, Sendable {
    case flash, sram, dtcm, itcm, ccm
  }

  /// What a region may be used for beside plain loads and stores.
  public enum Attribute: String, CaseIterable, Codable, Sendable {
    /// Bus masters other than the core reach it.
    case dma
    /// Accesses go through the data cache.
    case cached
    /// It keeps its content over a reset.
    case retained
  }

  /// How flash is erased and programmed.
  public struct Flash: Equatable, Codable, Sendable {
    /// The smallest unit that can be erased, in bytes.
    public var eraseSector: Int?
    /// The unit that is programmed at once, in bytes.
    public var programWidth: Int?
    /// Erase cycles that the maker warrants.
    public var endurance: Int?

    public init(eraseSector: Int? = nil, programWidth: Int? = nil, endurance: Int? = nil) {
      self.eraseSector = eraseSector
      self.programWidth = programWidth
      self.endurance = endurance
    }
  }

  public var name: String
  /// The first byte's run address.
  public var origin: UInt64
  /// In bytes.
  public var length: Int
  public var kind: Kind
  public var attributes: [Attribute]
  /// Other addresses under which the same bytes appear.
  public var aliases: [UInt64]
  /// Where the content is loaded when that is not where it runs.
  public var loadAddress: UInt64?
  public var flash: Flash?

  public init(
    name: String, origin: UInt64, length: Int, kind: Kind, attributes: [Attribute] = [],
    aliases: [UInt64] = [], loadAddress: UInt64? = nil, flash: Flash? = nil
  ) {
    self.name = name
    self.origin = origin
    self.length = length
    self.kind = kind
    self.attributes = attributes
    self.aliases = aliases
    self.loadAddress = loadAddress
    self.flash = flash
  }

  /// The address after the last byte.
  public var end: UInt64 { origin + UInt64(length) }

  /// The core can store to it directly.
  public var isWritable: Bool { kind != .flash }

  public func contains(_ address: UInt64) -> Bool { origin <= address && address < end }
}

/// Neighbouring writable regions without a gap between them, in ascending order of address. A buffer may
/// straddle them, at the speed of the slowest.
public struct RegionSpan: Equatable, Codable, Sendable {
  public var regions: [MemoryRegion]

  public init(_ regions: [MemoryRegion]) { self.regions = regions }

  public var names: [String] { regions.map(\.name) }
  public var origin: UInt64 { regions.first?.origin ?? 0 }
  public var end: UInt64 { regions.last?.end ?? 0 }
  /// In bytes.
  public var length: Int { Int(end - origin) }
}
