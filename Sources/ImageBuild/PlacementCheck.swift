import Boards

/// A memory placement that the board cannot carry out: every problem at once.
public struct PlacementError: Error, Equatable, CustomStringConvertible {
  public var board: String
  public var problems: [String]

  public init(board: String, problems: [String]) {
    self.board = board
    self.problems = problems
  }

  public var description: String {
    "the memory placement does not fit board '\(board)':\n"
      + problems.map { "  \($0)" }.joined(separator: "\n")
  }
}

/// A part of the image with the addresses it may take.
struct PlacedArea: Equatable {
  enum Part: String, CaseIterable {
    case stack, arena, state, data, copy, replay
  }

  var part: Part
  var area: MemoryPlacement.Area
  /// The span of all contiguous RAM around it, or the one flash region.
  var span: RegionSpan
  /// Its own regions' first address and the one after their last.
  var start: UInt64
  var end: UInt64

  /// Whole pages at the end of flash that the program writes itself.
  var isFlash: Bool { span.regions.contains { $0.kind == .flash } }

  fileprivate var key: UInt64 { area.address ?? start }
  fileprivate var rank: Int { Part.allCases.firstIndex(of: part) ?? 0 }
}

/// The areas of `placement` by ascending address; at one address the stack comes first, so that it grows down
/// toward the edge of the memory and never into data.
/// - Throws: `PlacementError`
func placedAreas(_ placement: MemoryPlacement, on board: Board) throws(PlacementError) -> [PlacedArea] {
  var problems: [String] = []
  var areas: [PlacedArea] = []
  for part in PlacedArea.Part.allCases {
    guard let area = placement[part] else { continue }
    let regions = area.regions.compactMap(board.region(named:))
    let unknown = area.regions.filter { board.region(named: $0) == nil }
    problems += unknown.map { "\(part): the board has no region '\($0)'" }
    if part == .replay, let flash = board.writableFlash, regions == [flash] {
      let found = pageProblems(area, flash)
      problems += found
      guard found.isEmpty else { continue }
      areas.append(
        PlacedArea(part: part, area: area, span: RegionSpan([flash]), start: flash.origin, end: flash.end))
      continue
    }
    problems += regions.filter { !board.ramRegions.contains($0) }
      .map { "\(part): region '\($0.name)' is not among the board's RAM (boot.ram)" }
    guard unknown.isEmpty, let first = regions.first, let last = regions.last else {
      if area.regions.isEmpty { problems.append("\(part): names no region") }
      continue
    }
    problems += zip(regions, regions.dropFirst()).filter { $0.end != $1.origin }
      .map { "\(part): region '\($1.name)' does not follow '\($0.name)' without a gap" }
    guard let span = board.ramSpans.first(where: { $0.names.contains(first.name) }) else { continue }
    areas.append(PlacedArea(part: part, area: area, span: span, start: first.origin, end: last.end))
  }
  problems += areas.flatMap(rangeProblems)
  let stackBytes = placement.stack.bytes ?? 0
  if stackBytes < 256 { problems.append("stack: \(stackBytes) bytes are too few; give it at least 256") }
  guard problems.isEmpty else { throw PlacementError(board: board.name, problems: problems) }
  return areas.sorted { ($0.key, $0.rank) < ($1.key, $1.rank) }
}

private func pageProblems(_ area: MemoryPlacement.Area, _ flash: MemoryRegion) -> [String] {
  let page = flash.flash?.eraseSector ?? 1
  guard let address = area.address, let bytes = area.bytes, bytes > 0, bytes % page == 0,
    address + UInt64(bytes) == flash.end
  else { return ["replay: needs whole pages of \(page) bytes at the end of '\(flash.name)'"] }
  return []
}

private func rangeProblems(_ placed: PlacedArea) -> [String] {
  let bytes = placed.area.bytes ?? 0
  let start = placed.area.address ?? placed.start
  let names = placed.area.regions.joined(separator: ", ")
  if start < placed.start || start >= placed.end {
    return ["\(placed.part): address \(hexadecimal(start)) is outside of \(names)"]
  }
  let over = bytes - Int(placed.end - start)
  return over > 0
    ? ["\(placed.part): \(bytes) bytes at \(hexadecimal(start)) are \(over) too many for \(names)"] : []
}

extension MemoryPlacement {
  /// Nil for a part that the image has not.
  subscript(part: PlacedArea.Part) -> Area? {
    switch part {
    case .stack: stack
    case .arena: arena
    case .state: state
    case .data: data
    case .copy: copy
    case .replay: replay
    }
  }
}
