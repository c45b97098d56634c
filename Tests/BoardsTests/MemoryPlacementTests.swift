import Boards
import Testing

@Suite struct MemoryPlacementTests {
  @Test func defaultUsesTheSpanOfTheFirstRegion() throws {
    let catalog = BoardCatalog(sources: [BoardSource(kind: .builtIn, root: try packageFolder() + "/BSP")])
    let placement = try #require(MemoryPlacement(default: catalog.board(named: "qemu-cortex-m55")))
    #expect(placement.arena == .init(regions: ["sram"]))
    #expect(placement.stack == .init(regions: ["sram"], bytes: 4096))
    let spanning = try #require(
      MemoryPlacement(default: catalog.board(named: "qemu-cortex-m7"), stackBytes: 8192))
    #expect(spanning.state.regions == ["dtcm", "sram1", "sram2"])
    #expect(spanning.stack.bytes == 8192)
  }
}
