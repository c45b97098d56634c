/// Where an image's writable parts lie: the compiler plans it, the linker script carries it out.
public struct MemoryPlacement: Equatable, Codable, Sendable {
  /// A part of the image in one region, or in several that are contiguous.
  public struct Area: Equatable, Codable, Sendable {
    /// Region names in ascending order of address; more than one only for contiguous neighbours.
    public var regions: [String]
    /// The first byte's address; nil places it after what was placed before it.
    public var address: UInt64?
    /// The bytes it may take; nil where the content decides.
    public var bytes: Int?

    public init(regions: [String], address: UInt64? = nil, bytes: Int? = nil) {
      self.regions = regions
      self.address = address
      self.bytes = bytes
    }
  }

  /// Activations, gradients and scratch (`.tinysdk_arena`, not initialised).
  public var arena: Area
  /// The trainable state (`.tinysdk_state`, not initialised).
  public var state: Area
  /// The stack; its `bytes` are its size. It grows down toward the lowest address of the area.
  public var stack: Area
  /// Initialised and zeroed variables of the application and the runtime.
  public var data: Area
  /// The last good copy of the trainable state (`.tinysdk_copy`, not initialised); nil without one.
  public var copy: Area?
  /// Samples kept to learn from again (`.tinysdk_replay`, not initialised); nil without any. In flash that the
  /// program writes itself it has an address and a size: the whole pages at the region's end.
  public var replay: Area?

  public init(
    arena: Area, state: Area, stack: Area, data: Area, copy: Area? = nil, replay: Area? = nil
  ) {
    self.arena = arena
    self.state = state
    self.stack = stack
    self.data = data
    self.copy = copy
    self.replay = replay
  }

  /// Everything in the first span of the board's RAM: the stack at the bottom, where an overflow leaves the
  /// memory instead of running into data, then arena, state and data. Nil for a board without regions.
  public init?(default board: Board, stackBytes: Int? = nil) {
    guard let first = board.boot?.ram.first,
      let span = board.ramSpans.first(where: { $0.names.contains(first) })
    else { return nil }
    let anywhere = Area(regions: span.names)
    self.init(
      arena: anywhere, state: anywhere,
      stack: Area(regions: span.names, bytes: stackBytes ?? board.stackBytes), data: anywhere)
  }
}
