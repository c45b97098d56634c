import Boards

/// A board with 1 MiB of flash and so many bytes of SRAM.
func testBoard(sramBytes: Int, stackBytes: Int = 1024) -> Board {
  Board(
    name: "small", title: "a board for tests", chip: "chip",
    core: Core(name: "core", target: "thumbv7em-none-eabi", backends: ["portable"]),
    regions: [
      MemoryRegion(name: "flash", origin: 0x0800_0000, length: 1 << 20, kind: .flash),
      MemoryRegion(name: "sram", origin: 0x2000_0000, length: sramBytes, kind: .sram),
    ], run: .probe([]),
    boot: .init(vectors: "flash", code: "flash", constants: "flash", ram: ["sram"]), stackBytes: stackBytes)
}
