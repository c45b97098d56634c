import Boards
import ImageBuild
import Testing

@Suite struct BoardHeaderTests {
  @Test func guardedBoard() throws {
    #expect(
      try boardHeader(for: shippedBoard("qemu-cortex-m7")) == """
        /* Made from the description of qemu-cortex-m7. */
        #ifndef TINYSDK_BOARD_H
        #define TINYSDK_BOARD_H

        #define TINYSDK_BOARD_NAME "qemu-cortex-m7"
        #define TINYSDK_REGIONS \\
          {"flash", 0x00000000u, 0x00100000u, TINYSDK_READ | TINYSDK_EXECUTE}, \\
          {"itcm", 0x00200000u, 0x00004000u, TINYSDK_READ | TINYSDK_WRITE | TINYSDK_EXECUTE}, \\
          {"dtcm", 0x20000000u, 0x00010000u, TINYSDK_READ | TINYSDK_WRITE}, \\
          {"sram1", 0x20010000u, 0x0003C000u, TINYSDK_READ | TINYSDK_WRITE}, \\
          {"sram2", 0x2004C000u, 0x00004000u, TINYSDK_READ | TINYSDK_WRITE}
        #define TINYSDK_GUARD tinysdk_guard_v7m
        #define TINYSDK_SEMIHOSTING 1
        #define TINYSDK_TRANSPORT tinysdk_transport_semihosting
        #define TINYSDK_TIMER tinysdk_timer_cmsdk
        #define TINYSDK_TIMER_BASE 0x40000000u
        #define TINYSDK_TIMER_HZ 25000000u
        #define TINYSDK_INSTRUCTION_NS 64u

        #endif

        """)
  }

  @Test func chosenSerialPort() throws {
    let header = try boardHeader(for: shippedBoard("qemu-cortex-m55"), transport: "uart")
    #expect(header.contains("#define TINYSDK_TRANSPORT tinysdk_transport_uart\n"))
    #expect(header.contains("#define TINYSDK_UART_BASE 0x49303000u\n"))
    #expect(header.contains("#define TINYSDK_UART_CLOCK_HZ 25000000u\n#define TINYSDK_UART_BAUD 115200u\n"))
    #expect(
      header.contains("#define TINYSDK_TIMER tinysdk_timer_systick\n#define TINYSDK_TIMER_HZ 32000000u\n"))
    #expect(header.contains("{\"weights\", 0x01000000u, 0x00200000u, TINYSDK_READ}, \\\n"))
  }

  @Test func guardFollowsTheArchitecture() throws {
    var board = try shippedBoard("qemu-cortex-m55")
    #expect(try boardHeader(for: board).contains("#define TINYSDK_GUARD tinysdk_guard_v8m\n"))
    #expect(
      try boardHeader(for: shippedBoard("qemu-cortex-m4")).contains(
        "#define TINYSDK_GUARD tinysdk_guard_v7m\n"))
    #expect(
      try boardHeader(for: shippedBoard("qemu-cortex-m33")).contains(
        "#define TINYSDK_GUARD tinysdk_guard_v8m\n"))
    board.memoryGuard = .none
    #expect(try boardHeader(for: board).contains("#define TINYSDK_GUARD tinysdk_guard_none\n"))
  }

  @Test func boardThatWritesItsFlash() throws {
    let header = try boardHeader(for: shippedBoard("qemu-microbit"))
    #expect(
      header.contains(
        "#define TINYSDK_FLASH tinysdk_flash_nrf51_nvmc\n#define TINYSDK_FLASH_BASE 0x4001E000u\n"))
    #expect(
      header.contains(
        "{\"flash\", 0x00000000u, 0x00040000u, TINYSDK_READ | TINYSDK_WRITE | TINYSDK_EXECUTE}"))
    #expect(header.contains("#define TINYSDK_GUARD tinysdk_guard_none\n"))
  }

  @Test func realBoardCountsNoInstructions() throws {
    let header = try boardHeader(for: shippedBoard("stm32f746g-disco"))
    #expect(!header.contains("TINYSDK_INSTRUCTION_NS"))
  }

  @Test func unknownTransportListsTheBoards() throws {
    let error = #expect(throws: UnknownTransport.self) {
      try boardHeader(for: shippedBoard("stm32f746g-disco"), transport: "uart")
    }
    #expect(error?.description == "board 'stm32f746g-disco' has no transport 'uart'; it has: semihosting")
    var board = try shippedBoard("qemu-cortex-m4")
    board.transports = []
    #expect(throws: UnknownTransport(board: "qemu-cortex-m4", name: nil, known: [])) {
      try boardHeader(for: board)
    }
  }
}
