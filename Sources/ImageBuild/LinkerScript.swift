import Boards

/// The linker script for a board and a placement, in the dialect that GNU ld and lld share.
///
/// Each flash region and each span of contiguous RAM becomes a memory of that name. Arena, state and stack
/// are `NOLOAD`: they cost nothing in flash and nothing at the start. Pages that the program writes itself are
/// a memory of their own, at the end of their region, which ends before them for everything else. The stack is
/// 32-byte aligned, so that a memory protection unit can make its lowest bytes inaccessible.
/// - Throws: `PlacementError`
public func linkerScript(for board: Board, placement: MemoryPlacement) throws -> String {
  guard let boot = board.boot else {
    throw PlacementError(board: board.name, problems: ["it has no memory regions"])
  }
  let moved = [boot.vectors, boot.code, boot.constants].compactMap(board.region(named:))
    .filter { $0.loadAddress != nil }
  guard moved.isEmpty else {
    throw PlacementError(
      board: board.name,
      problems: moved.map { "code or constants in '\($0.name)', which is loaded elsewhere than it runs" })
  }
  let areas = try placedAreas(placement, on: board)
  var lines = [
    "/* Made from the memory regions of \(board.name). */", "ENTRY(Reset_Handler)", "", "MEMORY", "{",
  ]
  let pages = areas.filter(\.isFlash)
  lines += memories(of: board, boot, pages).map { "  \($0)" }
  lines += ["}", "", "SECTIONS", "{"]
  lines += romSections(boot)
  lines += ramSections(areas, constants: boot.constants)
  lines += ["  /DISCARD/ : { *(.ARM.exidx*) *(.ARM.extab*) *(.note.GNU-stack) }", "}", ""]
  lines += areas.map(assertion)
  return lines.joined(separator: "\n") + "\n"
}

private func memories(of board: Board, _ boot: Board.Boot, _ pages: [PlacedArea]) -> [String] {
  let rom = Set([boot.vectors, boot.code, boot.constants])
  let flash = board.regions.filter { rom.contains($0.name) }.map { region in
    let taken = pages.filter { $0.area.regions == [region.name] }.reduce(0) { $0 + ($1.area.bytes ?? 0) }
    return memory(named: region.name, "rx", origin: region.origin, length: region.length - taken)
  }
  return flash
    + pages.map {
      memory(
        named: pagesName($0), "r", origin: $0.area.address ?? $0.start, length: $0.area.bytes ?? 0)
    }
    + board.ramSpans.map { memory(named: $0.memoryName, "rw", origin: $0.origin, length: $0.length) }
}

private func memory(named name: String, _ access: String, origin: UInt64, length: Int) -> String {
  "\(memorySymbol(name)) (\(access)) : ORIGIN = \(hexadecimal(origin)), LENGTH = \(length)"
}

private func romSections(_ boot: Board.Boot) -> [String] {
  let vectors = memorySymbol(boot.vectors)
  return [
    "  .vectors ORIGIN(\(vectors)) : { KEEP(*(.vectors)) } > \(vectors)",
    "  .text : { *(.text .text.*) } > \(memorySymbol(boot.code))",
    "  .rodata : ALIGN(8) { *(.rodata .rodata.*) . = ALIGN(8); } > \(memorySymbol(boot.constants))",
  ]
}

private func ramSections(_ areas: [PlacedArea], constants: String) -> [String] {
  var last: [String: String] = [:]
  return areas.flatMap { placed -> [String] in
    if placed.isFlash { return uninitialisedSection(placed.part.rawValue, "", pagesName(placed)) }
    let memory = placed.span.memoryName
    let address = address(of: placed, after: last[memory])
    last[memory] = "__tinysdk_\(placed.part)_end"
    switch placed.part {
    case .stack: return stackSection(placed.area.bytes ?? 0, address, memory)
    case .arena, .state, .copy, .replay: return uninitialisedSection(placed.part.rawValue, address, memory)
    case .data: return dataSections(address, memory, loaded: memorySymbol(constants))
    }
  }
}

/// An expression with a trailing space, or nothing where the area follows its predecessor.
private func address(of placed: PlacedArea, after previous: String?) -> String {
  if let address = placed.area.address { return "\(hexadecimal(address)) " }
  guard placed.start != placed.span.origin else { return "" }
  let start = hexadecimal(placed.start)
  return previous.map { "MAX(ALIGN(\($0), 32), \(start)) " } ?? "\(start) "
}

private func stackSection(_ bytes: Int, _ address: String, _ memory: String) -> [String] {
  let rounded = (bytes + 31) / 32 * 32
  return [
    "  .tinysdk_stack \(address)(NOLOAD) : ALIGN(32)", "  {",
    "    __tinysdk_stack_bottom = .;", "    . = . + \(rounded);", "    __tinysdk_stack_top = .;",
    "    __tinysdk_stack_end = .;", "  } > \(memory)",
  ]
}

private func uninitialisedSection(_ name: String, _ address: String, _ memory: String) -> [String] {
  [
    "  .tinysdk_\(name) \(address)(NOLOAD) : ALIGN(16)", "  {",
    "    __tinysdk_\(name)_start = .;", "    *(.tinysdk_\(name) .tinysdk_\(name).*)",
    "    __tinysdk_\(name)_end = .;", "  } > \(memory)",
  ]
}

private func dataSections(_ address: String, _ memory: String, loaded: String) -> [String] {
  [
    "  .data \(address): ALIGN(8)", "  {",
    "    __tinysdk_data_start = .;", "    *(.data .data.* .got .got.*)", "    . = ALIGN(8);",
    "    __tinysdk_data_end = .;", "  } > \(memory) AT> \(loaded)",
    "  __tinysdk_data_load = LOADADDR(.data);",
    "  .bss (NOLOAD) : ALIGN(8)", "  {",
    "    __tinysdk_bss_start = .;", "    *(.bss .bss.* COMMON)", "    . = ALIGN(8);",
    "    __tinysdk_bss_end = .;", "  } > \(memory)",
  ]
}

private func assertion(_ placed: PlacedArea) -> String {
  let end = placed.part == .data ? "__tinysdk_bss_end" : "__tinysdk_\(placed.part)_end"
  let names = placed.area.regions.joined(separator: ", ")
  return "ASSERT(\(end) <= \(hexadecimal(placed.end)), \"\(placed.part) does not fit in \(names)\")"
}

private func pagesName(_ placed: PlacedArea) -> String { "\(placed.span.memoryName)_pages" }

/// A region's name as a linker script symbol.
private func memorySymbol(_ name: String) -> String {
  String(name.map { $0.isLetter || $0.isNumber ? $0 : "_" })
}

extension RegionSpan {
  fileprivate var memoryName: String { names.map(memorySymbol).joined(separator: "_") }
}
