import Boards

/// Writable bytes that the runtime and the application need beside the model's own.
public let runtimeDataBytes = 2048

extension Plan {
  /// Bytes of variables: the model's own, and what the runtime and the application need.
  public var variableBytes: Int { controlBytes + learningBytes + runtimeDataBytes }
}

/// One part of an image that needs writable memory.
struct MemoryDemand: Equatable {
  var name: String
  var bytes: Int
}

/// Gives arena, state, stack and variables each a region of the board, the fastest first, or, where no
/// region holds a part whole, contiguous regions as one.
/// - Throws: `DoesNotFit` with the bytes that are missing.
func place(_ plan: Plan, on board: Board) throws -> MemoryPlacement {
  var demands = [
    MemoryDemand(name: "arena", bytes: plan.arena.bytes),
    MemoryDemand(name: "state", bytes: plan.alignedStateBytes),
    MemoryDemand(name: "stack", bytes: plan.stackBytes),
    MemoryDemand(name: "data", bytes: plan.variableBytes),
  ]
  if plan.guardCopyBytes > 0 { demands.append(MemoryDemand(name: "copy", bytes: plan.guardCopyBytes)) }
  if plan.replayRAMBytes > 0 { demands.append(MemoryDemand(name: "replay", bytes: plan.replayRAMBytes)) }
  try checkFlash(plan, on: board)
  let choices = [board.ramRegions.map { RegionSpan([$0]) }, board.ramSpans]
  for spans in choices {
    if let chosen = assignment(of: demands.map(\.bytes), to: spans.map(\.length)) {
      var placement = placement(demands, chosen.map { spans[$0] })
      if let pages = plan.replayPages {
        placement.replay = .init(regions: [pages.region], address: pages.address, bytes: pages.bytes)
      }
      return placement
    }
  }
  throw DoesNotFit(plan, on: board, demands: demands)
}

private func placement(_ demands: [MemoryDemand], _ spans: [RegionSpan]) -> MemoryPlacement {
  var areas: [String: MemoryPlacement.Area] = [:]
  for (demand, span) in zip(demands, spans) { areas[demand.name] = .init(regions: span.names) }
  let none = MemoryPlacement.Area(regions: [])
  var placement = MemoryPlacement(
    arena: areas["arena"] ?? none, state: areas["state"] ?? none, stack: areas["stack"] ?? none,
    data: areas["data"] ?? none, copy: areas["copy"], replay: areas["replay"])
  placement.stack.bytes = demands.first { $0.name == "stack" }?.bytes
  return placement
}

/// For each demand the first bin such that all fit, earlier demands preferring earlier bins; `nil` where
/// there is no such choice. A part may lose up to 8 bytes to alignment.
private func assignment(of demands: [Int], to bins: [Int]) -> [Int]? {
  guard let demand = demands.first else { return [] }
  for bin in bins.indices where bins[bin] >= demand + 8 {
    var rest = bins
    rest[bin] -= demand + 8
    if let others = assignment(of: Array(demands.dropFirst()), to: rest) { return [bin] + others }
  }
  return nil
}

/// Constants have to leave room for the pages at their region's end; code comes on top, and the linker sees to
/// it.
private func checkFlash(_ plan: Plan, on board: Board) throws {
  guard let name = board.boot?.constants, let flash = board.region(named: name) else { return }
  var demands = [MemoryDemand(name: "constants", bytes: plan.constantBytes)]
  if let pages = plan.replayPages, pages.region == name {
    demands.append(MemoryDemand(name: "replay", bytes: pages.bytes))
  }
  let needed = demands.reduce(0) { $0 + $1.bytes }
  guard needed > flash.length else { return }
  throw DoesNotFit(plan: plan, region: name, needed: needed, available: flash.length, demands: demands)
}
