import Graph

/// Where every arena tensor lies, and what that costs.
public struct ArenaPlan: Sendable, Equatable, Codable {
  /// One tensor or scratch buffer in the arena.
  public struct Item: Sendable, Equatable, Codable {
    public var name: String
    /// Bytes from the start of the arena.
    public var offset: Int
    public var bytes: Int
    /// The first and last step at which it is alive; −1 is before the first step.
    public var first: Int
    public var last: Int
  }

  /// In order of first use.
  public var items: [Item]
  /// The size of the arena in bytes.
  public var bytes: Int
  /// What any plan needs: the most bytes that are alive in one step.
  public var lowerBound: Int
  /// The step at which the most bytes are alive.
  public var peakStep: Int

  /// The offset of each tensor by name.
  public var offsets: [String: Int] {
    Dictionary(items.map { ($0.name, $0.offset) }, uniquingKeysWith: { first, _ in first })
  }

  /// What is alive at `step`, largest first.
  public func alive(at step: Int) -> [Item] {
    items.filter { $0.first <= step && step <= $0.last }.sorted { $0.bytes > $1.bytes }
  }
}

/// Every arena address is a multiple of this: wide loads of every backend are aligned.
let arenaAlignment = 8

/// Gives every shared buffer an address such that no two that are alive together overlap.
///
/// Greedy by size (Pisarchyk & Lee, "Efficient Memory Management for Deep Neural Net Inference", 2020) over
/// several orders; as long as the peak stays above the lower bound, the buffers at the peak move to the
/// front and placing starts again.
func planArena(_ buffers: [SharedBuffer], steps: Int) -> ArenaPlan {
  let (lowerBound, peakStep) = mostAlive(buffers, steps: steps)
  let orders: [(SharedBuffer, SharedBuffer) -> Bool] = [
    { ($0.largest, -$0.first) > ($1.largest, -$1.first) },
    { ($0.area, -$0.first) > ($1.area, -$1.first) },
    { ($0.first, -$0.largest) < ($1.first, -$1.largest) },
  ]
  var best: (offsets: [Int], order: [Int], peak: Int)?
  for isBefore in orders {
    var order = buffers.indices.sorted { isBefore(buffers[$0], buffers[$1]) }
    for _ in 0..<24 {
      let offsets = place(buffers, order: order)
      let peak = peakBytes(buffers, offsets)
      if peak < best?.peak ?? .max { best = (offsets, order, peak) }
      if peak <= lowerBound { break }
      let top = Set(buffers.indices.filter { offsets[$0] + buffers[$0].largest == peak })
      let reordered = order.filter(top.contains) + order.filter { !top.contains($0) }
      if reordered == order { break }
      order = reordered
    }
    if best?.peak ?? .max <= lowerBound { break }
  }
  return plan(
    buffers, best?.offsets ?? [], bytes: aligned(best?.peak ?? 0), lowerBound: lowerBound, peakStep: peakStep)
}

private func plan(
  _ buffers: [SharedBuffer], _ offsets: [Int], bytes: Int, lowerBound: Int, peakStep: Int
) -> ArenaPlan {
  let items = zip(buffers, offsets).flatMap { buffer, offset in
    buffer.lifetimes.map {
      ArenaPlan.Item(name: $0.name, offset: offset, bytes: $0.bytes, first: $0.first, last: $0.last)
    }
  }
  return ArenaPlan(
    items: items.sorted { ($0.first, $0.offset) < ($1.first, $1.offset) }, bytes: bytes,
    lowerBound: lowerBound,
    peakStep: peakStep)
}

private func aligned(_ bytes: Int) -> Int { (bytes + arenaAlignment - 1) / arenaAlignment * arenaAlignment }

private func peakBytes(_ buffers: [SharedBuffer], _ offsets: [Int]) -> Int {
  zip(buffers, offsets).map { $1 + $0.largest }.max() ?? 0
}

/// The most bytes alive in one step, in-place partners counted once, and that step.
private func mostAlive(_ buffers: [SharedBuffer], steps: Int) -> (bytes: Int, step: Int) {
  var alive = [Int](repeating: 0, count: steps + 2)
  for buffer in buffers {
    for (step, bytes) in largestPerStep(buffer) { alive[step + 1] += aligned(bytes) }
  }
  let bytes = alive.max() ?? 0
  return (bytes, (alive.firstIndex(of: bytes) ?? 0) - 1)
}

private func largestPerStep(_ buffer: SharedBuffer) -> [Int: Int] {
  var largest: [Int: Int] = [:]
  for lifetime in buffer.lifetimes {
    for step in lifetime.first...lifetime.last { largest[step] = max(largest[step] ?? 0, lifetime.bytes) }
  }
  return largest
}

/// The lowest free address for each buffer, in the given order.
private func place(_ buffers: [SharedBuffer], order: [Int]) -> [Int] {
  var offsets = [Int](repeating: 0, count: buffers.count)
  var placed: [Int] = []
  for index in order {
    offsets[index] = lowestOffset(of: buffers[index], among: placed.map { (buffers[$0], offsets[$0]) })
    placed.append(index)
  }
  return offsets
}

private func lowestOffset(of buffer: SharedBuffer, among placed: [(buffer: SharedBuffer, offset: Int)]) -> Int
{
  var forbidden: [(from: Int, to: Int)] = []  // open intervals of start addresses
  for (other, offset) in placed {
    for own in buffer.lifetimes {
      for lifetime in other.lifetimes where own.overlaps(lifetime) {
        forbidden.append((offset - own.bytes, offset + lifetime.bytes))
      }
    }
  }
  forbidden.sort { $0.from < $1.from }
  var offset = 0
  for interval in forbidden where offset > interval.from && offset < interval.to {
    offset = aligned(interval.to)
  }
  return offset
}
