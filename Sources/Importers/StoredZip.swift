/// An entry of a zip archive that is stored without compression.
///
/// - Parameter suffix: how the entry's name ends.
/// - Throws: `ImportProblem` where the archive is damaged, holds no such entry, or has it compressed.
func storedZipEntry(endingIn suffix: String, of archive: [UInt8]) throws(ImportProblem) -> ArraySlice<UInt8> {
  let end = try centralDirectoryEnd(archive)
  let count = try littleEndian(archive, end + 10, bytes: 2)
  var position = try littleEndian(archive, end + 16, bytes: 4)
  for _ in 0..<count {
    guard try littleEndian(archive, position, bytes: 4) == 0x0201_4b50 else { throw damaged(position) }
    let nameLength = try littleEndian(archive, position + 28, bytes: 2)
    let name = try slice(archive, position + 46, nameLength)
    if String(decoding: name, as: UTF8.self).hasSuffix(suffix) {
      guard try littleEndian(archive, position + 10, bytes: 2) == 0 else {
        throw ImportProblem(
          .unsupported, "'\(suffix)' is compressed in the archive; stored entries are supported")
      }
      let size = try littleEndian(archive, position + 24, bytes: 4)
      return try content(archive, header: try littleEndian(archive, position + 42, bytes: 4), size: size)
    }
    let rest =
      try littleEndian(archive, position + 30, bytes: 2) + littleEndian(archive, position + 32, bytes: 2)
    position += 46 + nameLength + rest
  }
  throw ImportProblem(.unreadable, "the archive has no entry '\(suffix)'")
}

/// The offset of the end-of-central-directory record: the last one before at most 65,535 bytes of comment.
private func centralDirectoryEnd(_ archive: [UInt8]) throws(ImportProblem) -> Int {
  var position = archive.count - 22
  while position >= max(0, archive.count - 22 - 65_535) {
    if try littleEndian(archive, position, bytes: 4) == 0x0605_4b50 { return position }
    position -= 1
  }
  throw ImportProblem(.unreadable, "the \(archive.count) bytes are no whole zip archive")
}

private func content(
  _ archive: [UInt8], header: Int, size: Int
) throws(ImportProblem) -> ArraySlice<UInt8> {
  guard try littleEndian(archive, header, bytes: 4) == 0x0403_4b50 else { throw damaged(header) }
  let skipped =
    try 30 + littleEndian(archive, header + 26, bytes: 2) + littleEndian(archive, header + 28, bytes: 2)
  return try slice(archive, header + skipped, size)
}

private func slice(
  _ archive: [UInt8], _ start: Int, _ count: Int
) throws(ImportProblem) -> ArraySlice<UInt8> {
  guard start >= 0, count >= 0, start <= archive.count, count <= archive.count - start else {
    throw damaged(start)
  }
  return archive[start..<(start + count)]
}

private func littleEndian(_ archive: [UInt8], _ start: Int, bytes: Int) throws(ImportProblem) -> Int {
  try slice(archive, start, bytes).reversed().reduce(0) { $0 << 8 | Int($1) }
}

private func damaged(_ position: Int) -> ImportProblem {
  ImportProblem(.unreadable, "the zip archive is damaged at byte \(position)")
}
