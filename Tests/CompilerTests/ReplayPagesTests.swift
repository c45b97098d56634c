import Boards
import Compiler
import Foundation
import Graph
import TestNetworks
import Testing

/// A board that writes its own flash in pages of `page` bytes.
private func board(page: Int, flash: Int = 1 << 16, controlled: Bool = true) -> Board {
  Board(
    name: "small", title: "", core: Core(name: "core", target: "", backends: ["Portable"]),
    regions: [
      MemoryRegion(
        name: "flash", origin: 0x1000, length: flash, kind: .flash,
        flash: .init(eraseSector: page, programWidth: 4, endurance: 100)),
      MemoryRegion(name: "sram", origin: 0x2000_0000, length: 1 << 16, kind: .sram),
    ], run: .emulator(Emulator(machine: "")),
    flashController: controlled ? FlashController(driver: .nrf51NVMC, region: "flash", base: 0x4000) : nil,
    boot: .init(vectors: "flash", code: "flash", constants: "flash", ram: ["sram"]))
}

private func plan(_ memory: ReplayOptions.Memory, samples: Int = 30, on board: Board?) throws -> Plan {
  let options = CompileOptions(
    classes: 4, update: .named("bias-2"), replay: ReplayOptions(samples: samples, memory: memory))
  return try compile(try networkOfEverything(), options, for: board) { queries in
    KernelCatalog(scratchBytes: Dictionary(uniqueKeysWithValues: queries.map { ($0, 96) }))
  }
}

@Suite struct ReplayPagesTests {
  private let edge: Int
  private let inMemory: Plan

  init() throws {
    inMemory = try plan(.sram, on: nil)
    edge = try #require(inMemory.frozenPrefix).edgeBytes
  }

  @Test(arguments: [1, 3, 8])
  func pagesHoldWholeSlots(slots: Int) throws {
    // A page of `slots` slots, with room left for all but one byte of one more.
    let pitch = (edge + 3) / 4 * 4
    let page = pitch * slots + (pitch - 4)
    let board = board(page: page, flash: page * 1000)
    let pages = try #require(try plan(.flash, on: board).replayPages)
    #expect(pages.pages == (30 + slots - 1) / slots)
    #expect(pages.bytes == pages.pages * page && pages.bufferBytes == page)
    #expect(pages.address + UInt64(pages.bytes) == board.region(named: "flash")?.end)
    #expect(pages.region == "flash" && pages.endurance == 100)
  }

  @Test func aLargeSlotTakesPagesOfItsOwn() throws {
    let page = edge / 8 * 4  // a little less than half of it
    let pages = try #require(
      try plan(.flash, samples: 4, on: board(page: page, flash: page * 1000)).replayPages)
    #expect(pages.pages == 4 * ((edge + page - 1) / page))
  }

  @Test func thePageBufferIsPlannedAndTheSamplesTakeNoRAM() throws {
    let board = board(page: 2048)
    let (flash, sram) = (try plan(.flash, on: board), try plan(.sram, on: board))
    #expect(flash.learningBytes == sram.learningBytes + 2048)
    #expect(flash.replayRAMBytes == 0 && sram.replayRAMBytes == 30 * edge)
    #expect(flash.replayBytes == flash.replayPages?.bytes)
    #expect(flash.placement?.replay?.regions == ["flash"] && sram.placement?.replay?.regions == ["sram"])
    #expect(flash.state == sram.state && flash.steps == sram.steps)
    #expect(try plan(.flash, on: nil).replayPages == nil)
    let coded = try JSONDecoder().decode(Plan.self, from: JSONEncoder().encode(flash))
    #expect(coded == flash)
  }

  @Test func aPlanFromBeforeThereWasAChoiceKeepsItsSamplesInRAM() throws {
    let options = try JSONDecoder().decode(
      ReplayOptions.self, from: Data(#"{"samples": 3, "ratio": 2}"#.utf8))
    #expect(options == ReplayOptions(samples: 3, ratio: 2, memory: .sram))
  }

  @Test func theProgramWritesThroughThePage() throws {
    func source(_ plan: Plan) throws -> String {
      try #require(try emitC(plan).first { $0.name == "model.c" }).text
    }
    let flash = try source(try plan(.flash, on: board(page: 2048)))
    let pages = try #require(try plan(.flash, on: board(page: 2048)).replayPages)
    for part in [
      "#include \"tinysdk_flash.h\"", "static uint8_t kept_edges[\(pages.bytes)]",
      "static uint32_t flash_page[512];",
      "tinysdk_flash_store(&kept_slots, replay.draws.slot, replay.draws.filled, edge_pieces,",
      "put_edge(tinysdk_flash_slot(&kept_slots, replay.draws.slot));",
    ] {
      #expect(flash.contains(part), "\(part)")
    }
    #expect(!(try source(inMemory)).contains("flash"))
  }

  @Test func noControllerOrTooFewPages() throws {
    #expect(throws: NoWritableFlash(board: "small")) {
      try plan(.flash, on: board(page: 1024, controlled: false))
    }
    let error = #expect(throws: DoesNotFit.self) { try plan(.flash, samples: 20_000, on: board(page: 1024)) }
    #expect(error?.region == "flash" && error?.parts.first?.hasPrefix("replay ") == true)
    // The pages alone would fit, but not beside the constants.
    let rest = inMemory.constantBytes / 1024 + 3
    let tight = board(page: 1024, flash: (rest + 1) * 1024)
    let crowded = #expect(throws: DoesNotFit.self) {
      try plan(.flash, samples: 1024 / ((edge + 3) / 4 * 4) * rest, on: tight)
    }
    #expect(crowded?.parts.contains { $0.hasPrefix("constants ") } == true, "\(crowded?.description ?? "")")
  }
}
