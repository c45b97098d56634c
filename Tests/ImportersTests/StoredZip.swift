import Graph

/// A zip archive with one entry, stored without compression.
func storedZip(_ name: String, _ content: [UInt8], method: UInt16 = 0) -> [UInt8] {
  let size = UInt32(content.count)
  let nameLength = UInt16(name.utf8.count)
  let common =
    littleEndianBytes([UInt16(20), 0, method, 0, 0]) + littleEndianBytes([UInt32(0), size, size])
    + littleEndianBytes([nameLength, 0])
  let local = littleEndianBytes([UInt32(0x0403_4b50)]) + common + Array(name.utf8) + content
  let central =
    littleEndianBytes([UInt32(0x0201_4b50)]) + littleEndianBytes([UInt16(20)]) + common
    + littleEndianBytes([UInt16(0), 0, 0]) + littleEndianBytes([UInt32(0), 0]) + Array(name.utf8)
  let end =
    littleEndianBytes([UInt32(0x0605_4b50)]) + littleEndianBytes([UInt16(0), 0, 1, 1])
    + littleEndianBytes([UInt32(central.count), UInt32(local.count)]) + littleEndianBytes([UInt16(0)])
  return local + central + end
}
