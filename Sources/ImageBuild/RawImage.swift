import FoundationEssentials

/// The path of the raw image beside an ELF file.
func rawImagePath(of image: String) -> String {
  (image.hasSuffix(".elf") ? String(image.dropLast(4)) : image) + ".bin"
}

extension ELFFile {
  /// The bytes that are programmed, from the lowest load address on, gaps filled as erased flash reads.
  /// - Throws: `ELFError` where a segment points outside of the file, or the image would span more than 64
  ///   MiB.
  public func rawImage() throws(ELFError) -> [UInt8] {
    let loaded = segments.filter { $0.fileSize > 0 }.sorted { $0.physicalAddress < $1.physicalAddress }
    guard let first = loaded.first?.physicalAddress else { return [] }
    var image: [UInt8] = []
    for segment in loaded {
      let start = Int(segment.physicalAddress - first)
      guard let bytes = reader.slice(segment.offset, segment.fileSize), start + bytes.count <= 1 << 26 else {
        throw ELFError(path: path, reason: "its segments are damaged or too far apart for a raw image")
      }
      image += [UInt8](repeating: 0xFF, count: max(0, start + bytes.count - image.count))
      image.replaceSubrange(start..<start + bytes.count, with: bytes)
    }
    return image
  }
}
