import Boards
import ImageBuild
import Testing

private func area(_ regions: String..., address: UInt64? = nil, bytes: Int? = nil) -> MemoryPlacement.Area {
  MemoryPlacement.Area(regions: regions, address: address, bytes: bytes)
}

@Suite struct LinkerScriptTests {
  @Test func defaultPutsTheStackAtTheBottomOfTheSpan() throws {
    let board = try shippedBoard("qemu-cortex-m7")
    let placement = try #require(MemoryPlacement(default: board, stackBytes: 8000))
    let script = try linkerScript(for: board, placement: placement)
    #expect(
      script == """
        /* Made from the memory regions of qemu-cortex-m7. */
        ENTRY(Reset_Handler)

        MEMORY
        {
          flash (rx) : ORIGIN = 0x00000000, LENGTH = 1048576
          dtcm_sram1_sram2 (rw) : ORIGIN = 0x20000000, LENGTH = 327680
        }

        SECTIONS
        {
          .vectors ORIGIN(flash) : { KEEP(*(.vectors)) } > flash
          .text : { *(.text .text.*) } > flash
          .rodata : ALIGN(8) { *(.rodata .rodata.*) . = ALIGN(8); } > flash
          .tinysdk_stack (NOLOAD) : ALIGN(32)
          {
            __tinysdk_stack_bottom = .;
            . = . + 8000;
            __tinysdk_stack_top = .;
            __tinysdk_stack_end = .;
          } > dtcm_sram1_sram2
          .tinysdk_arena (NOLOAD) : ALIGN(16)
          {
            __tinysdk_arena_start = .;
            *(.tinysdk_arena .tinysdk_arena.*)
            __tinysdk_arena_end = .;
          } > dtcm_sram1_sram2
          .tinysdk_state (NOLOAD) : ALIGN(16)
          {
            __tinysdk_state_start = .;
            *(.tinysdk_state .tinysdk_state.*)
            __tinysdk_state_end = .;
          } > dtcm_sram1_sram2
          .data : ALIGN(8)
          {
            __tinysdk_data_start = .;
            *(.data .data.* .got .got.*)
            . = ALIGN(8);
            __tinysdk_data_end = .;
          } > dtcm_sram1_sram2 AT> flash
          __tinysdk_data_load = LOADADDR(.data);
          .bss (NOLOAD) : ALIGN(8)
          {
            __tinysdk_bss_start = .;
            *(.bss .bss.* COMMON)
            . = ALIGN(8);
            __tinysdk_bss_end = .;
          } > dtcm_sram1_sram2
          /DISCARD/ : { *(.ARM.exidx*) *(.ARM.extab*) *(.note.GNU-stack) }
        }

        ASSERT(__tinysdk_stack_end <= 0x20050000, "stack does not fit in dtcm, sram1, sram2")
        ASSERT(__tinysdk_arena_end <= 0x20050000, "arena does not fit in dtcm, sram1, sram2")
        ASSERT(__tinysdk_state_end <= 0x20050000, "state does not fit in dtcm, sram1, sram2")
        ASSERT(__tinysdk_bss_end <= 0x20050000, "data does not fit in dtcm, sram1, sram2")

        """)
  }

  @Test func constantsMayLieInARegionOfTheirOwn() throws {
    let board = try shippedBoard("qemu-cortex-m55")
    let script = try linkerScript(for: board, placement: try #require(MemoryPlacement(default: board)))
    #expect(script.contains(".text : { *(.text .text.*) } > itcm\n"))
    #expect(script.contains(".rodata : ALIGN(8) { *(.rodata .rodata.*) . = ALIGN(8); } > weights\n"))
    #expect(script.contains("} > sram AT> weights\n"))
  }

  @Test func areasFollowTheirRegionsAndAddresses() throws {
    let board = try shippedBoard("qemu-cortex-m7")
    let script = try linkerScript(
      for: board,
      placement: MemoryPlacement(
        arena: area("sram1", "sram2", address: 0x2001_0100, bytes: 1000), state: area("sram2"),
        stack: area("dtcm", bytes: 1000), data: area("dtcm")))
    let sections = script.split(separator: "\n").filter {
      $0.hasPrefix("  .tinysdk") || $0.hasPrefix("  .data")
    }
    #expect(
      sections == [
        "  .tinysdk_stack (NOLOAD) : ALIGN(32)", "  .data : ALIGN(8)",
        "  .tinysdk_arena 0x20010100 (NOLOAD) : ALIGN(16)",
        "  .tinysdk_state MAX(ALIGN(__tinysdk_arena_end, 32), 0x2004C000) (NOLOAD) : ALIGN(16)",
      ])
    #expect(script.contains("    . = . + 1024;\n"))
    #expect(script.contains("ASSERT(__tinysdk_bss_end <= 0x20010000, \"data does not fit in dtcm\")"))
  }

  @Test func everyProblemOfAPlacementAtOnce() throws {
    let board = try shippedBoard("qemu-cortex-m7")
    let error = #expect(throws: PlacementError.self) {
      try linkerScript(
        for: board,
        placement: MemoryPlacement(
          arena: area("dtcm", "sram2"), state: area("sram3"), stack: area("itcm", bytes: 16),
          data: area("dtcm", address: 0x2000_FFF0, bytes: 32)))
    }
    #expect(
      error?.description == """
        the memory placement does not fit board 'qemu-cortex-m7':
          stack: region 'itcm' is not among the board's RAM (boot.ram)
          arena: region 'sram2' does not follow 'dtcm' without a gap
          state: the board has no region 'sram3'
          data: 32 bytes at 0x2000FFF0 are 16 too many for dtcm
          stack: 16 bytes are too few; give it at least 256
        """)
  }

  @Test func pagesEndTheFlashForEverythingElse() throws {
    let board = try shippedBoard("qemu-microbit")
    var placement = try #require(MemoryPlacement(default: board))
    placement.replay = area("flash", address: 0x3_9C00, bytes: 25 * 1024)
    let script = try linkerScript(for: board, placement: placement)
    #expect(
      script.contains(
        """
          flash (rx) : ORIGIN = 0x00000000, LENGTH = 236544
          flash_pages (r) : ORIGIN = 0x00039C00, LENGTH = 25600
          sram (rw) : ORIGIN = 0x20000000, LENGTH = 16384
        """))
    #expect(
      script.contains(
        """
          .tinysdk_replay (NOLOAD) : ALIGN(16)
          {
            __tinysdk_replay_start = .;
            *(.tinysdk_replay .tinysdk_replay.*)
            __tinysdk_replay_end = .;
          } > flash_pages
        """))
    #expect(script.contains("ASSERT(__tinysdk_replay_end <= 0x00040000, \"replay does not fit in flash\")"))
  }

  @Test(arguments: [(0x3_9C00, 24 * 1024), (0x3_9C04, 25 * 1024 - 4), (0x4_0000, 0)])
  func keptSamplesTakeWholePagesAtTheEnd(address: UInt64, bytes: Int) throws {
    let board = try shippedBoard("qemu-microbit")
    var placement = try #require(MemoryPlacement(default: board))
    placement.replay = area("flash", address: address, bytes: bytes)
    let error = #expect(throws: PlacementError.self) { try linkerScript(for: board, placement: placement) }
    #expect(error?.problems == ["replay: needs whole pages of 1024 bytes at the end of 'flash'"])
  }

  @Test func flashThatNobodyWritesKeepsNothing() throws {
    let board = try shippedBoard("qemu-cortex-m7")
    var placement = try #require(MemoryPlacement(default: board))
    placement.replay = area("flash", address: 0, bytes: 1 << 20)
    let error = #expect(throws: PlacementError.self) { try linkerScript(for: board, placement: placement) }
    #expect(error?.problems == ["replay: region 'flash' is not among the board's RAM (boot.ram)"])
  }

  @Test func hostHasNoLinkerScript() throws {
    #expect(throws: PlacementError(board: "host", problems: ["it has no memory regions"])) {
      try linkerScript(
        for: shippedBoard("host"),
        placement: MemoryPlacement(arena: area(), state: area(), stack: area(), data: area()))
    }
  }
}
