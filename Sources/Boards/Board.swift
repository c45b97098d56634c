/// A board as the compiler, the image build and the runner see it: core, chip and board files resolved into
/// one value.
public struct Board: Equatable, Codable, Sendable {
  /// Which device stops accesses outside the regions.
  public enum MemoryGuard: String, CaseIterable, Codable, Sendable {
    case none, mpu
  }

  /// Where the parts of an image go, by region name.
  public struct Boot: Equatable, Codable, Sendable {
    /// The vector table; it starts this region.
    public var vectors: String
    public var code: String
    /// Constants: weights, argument structs, strings.
    public var constants: String
    /// Regions for data, the first to be filled first.
    public var ram: [String]

    public init(vectors: String, code: String, constants: String, ram: [String]) {
      self.vectors = vectors
      self.code = code
      self.constants = constants
      self.ram = ram
    }
  }

  public var name: String
  public var title: String
  /// The chip file's name; nil for a board that is no microcontroller.
  public var chip: String?
  public var core: Core
  /// Empty for the host, whose memory knows no planned limit.
  public var regions: [MemoryRegion]
  public var run: RunMethod
  /// Byte transports for samples, the default first.
  public var transports: [Transport]
  public var timer: DeviceTimer?
  public var memoryGuard: MemoryGuard
  /// Writes the chip's own flash; nil where a program cannot.
  public var flashController: FlashController?
  /// Nil exactly where `regions` is empty.
  public var boot: Boot?
  /// Bytes kept for the stack where nothing else is known.
  public var stackBytes: Int
  /// The core's highest clock in Hz, to turn counted instructions into modelled time; `nil` where unknown.
  public var clock: Int?

  public init(
    name: String, title: String, chip: String? = nil, core: Core, regions: [MemoryRegion] = [],
    run: RunMethod, transports: [Transport] = [], timer: DeviceTimer? = nil,
    memoryGuard: MemoryGuard = .none, flashController: FlashController? = nil, boot: Boot? = nil,
    stackBytes: Int = 4096, clock: Int? = nil
  ) {
    self.name = name
    self.title = title
    self.chip = chip
    self.core = core
    self.regions = regions
    self.run = run
    self.transports = transports
    self.timer = timer
    self.memoryGuard = memoryGuard
    self.flashController = flashController
    self.boot = boot
    self.stackBytes = stackBytes
    self.clock = clock
  }

  /// True for the board that is the machine the tool runs on.
  public var isHost: Bool { run == .host }

  public func region(named name: String) -> MemoryRegion? { regions.first { $0.name == name } }

  /// The flash that a program can write itself; nil without a controller.
  public var writableFlash: MemoryRegion? { flashController.flatMap { region(named: $0.region) } }

  /// The regions for data in the board's order of preference; empty for the host.
  public var ramRegions: [MemoryRegion] { (boot?.ram ?? []).compactMap(region(named:)) }

  /// The RAM regions joined where one ends at the address at which the next starts, ascending.
  public var ramSpans: [RegionSpan] {
    var spans: [RegionSpan] = []
    for region in ramRegions.sorted(by: { $0.origin < $1.origin }) {
      if let last = spans.last, last.end == region.origin {
        spans[spans.count - 1].regions.append(region)
      } else {
        spans.append(RegionSpan([region]))
      }
    }
    return spans
  }

  /// The regions that touch `name` on either side and are writable like it, ascending.
  public func neighbors(of name: String) -> [MemoryRegion] {
    guard let region = region(named: name), region.isWritable else { return [] }
    return regions.filter { $0.isWritable && ($0.end == region.origin || region.end == $0.origin) }
      .sorted { $0.origin < $1.origin }
  }
}
