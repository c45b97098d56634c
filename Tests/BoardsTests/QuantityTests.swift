import Boards
import Testing

@Suite struct QuantityTests {
  @Test(arguments: [
    ("64 KiB", 65_536), ("64KiB", 65_536), ("0x10000", 65_536), ("1_000", 1000), ("2 MiB", 2_097_152),
    ("16 B", 16), ("1 kB", 1000), ("0", 0),
  ])
  func sizes(text: String, bytes: Int) {
    #expect(Quantity.bytes.parse(text) == UInt64(bytes))
  }

  @Test(arguments: ["", "KiB", "64 Kib", "-1", "6.5 KiB", "0x", "99999999999 GiB", "64 MHz", "1 2"])
  func refusedSizes(text: String) {
    #expect(Quantity.bytes.parse(text) == nil)
  }

  @Test func frequencies() {
    #expect(Quantity.hertz.parse("25 MHz") == 25_000_000)
    #expect(Quantity.hertz.parse("32768 Hz") == 32_768)
  }
}
