import CZlib
import Foundation

/// Reads members of a zip archive (PKWARE APPNOTE 6.3), stored or deflated, and checks their CRC-32: what
/// `numpy.savez` and `numpy.savez_compressed` write. Not read: encryption and archives of 4 GiB and more.
public struct ZipArchive: Sendable {
  public let path: String
  private let data: Data
  private let entries: [Entry]

  private struct Entry {
    let name: String
    let method: Int
    let isEncrypted: Bool
    let crc: UInt32
    let compressedCount: Int
    let count: Int
    let headerOffset: Int
  }

  /// The members' names in the order of the archive's directory.
  public var names: [String] { entries.map(\.name) }

  /// Maps the file and reads its directory.
  /// - Throws: `DatasetError` for a file that is not a complete zip archive.
  public init(path: String) throws {
    self.path = path
    let data = try mappedContents(of: path)
    self.data = data
    entries = try locatingFailure(at: path, advice: Self.advice) { try Self.directory(of: data) }
  }

  /// The decompressed bytes of a member.
  /// - Throws: `DatasetError` for an unknown name, an unknown compression, damage, or a wrong CRC-32.
  public func contents(of name: String) throws -> Data {
    let location = "\(path): \(name)"
    guard let entry = entries.first(where: { $0.name == name }) else {
      throw DatasetError(
        location, "no such member; there are \(names.joined(separator: ", "))", advice: Self.advice)
    }
    return try locatingFailure(at: location, advice: Self.advice) { try contents(of: entry) }
  }

  private static let advice = "Write the archive again with numpy.savez, or copy it again."

  private func contents(of entry: Entry) throws -> Data {
    if entry.isEncrypted { throw DataFailure(reason: "the member is encrypted") }
    let header = entry.headerOffset
    guard try Self.word(data, header, 4) == 0x0403_4B50 else { throw DataFailure(reason: "no local header") }
    // The name and extra field lengths of the local header may differ from the directory's.
    let start = try header + 30 + Self.word(data, header + 26, 2) + Self.word(data, header + 28, 2)
    guard start + entry.compressedCount <= data.count else { throw DataFailure(reason: "truncated") }
    let stored = data.dropFirst(start).prefix(entry.compressedCount)
    let result = try decompress(stored, entry)
    guard result.count == entry.count else {
      throw DataFailure(reason: "\(entry.count) bytes announced, \(result.count) there")
    }
    guard Self.checksum(result) == entry.crc else {
      throw DataFailure(reason: "wrong CRC-32: the data is damaged")
    }
    return result
  }

  private func decompress(_ stored: Data, _ entry: Entry) throws -> Data {
    switch entry.method {
    case 0: return stored
    case 8: return try inflate(stored, wrapper: .none, limit: entry.count)
    default: throw DataFailure(reason: "compression method \(entry.method) is neither stored nor deflate")
    }
  }

  private static func checksum(_ data: Data) -> UInt32 {
    data.withUnsafeBytes { raw in
      UInt32(truncatingIfNeeded: crc32_z(0, raw.bindMemory(to: UInt8.self).baseAddress, raw.count))
    }
  }

  private static func directory(of data: Data) throws -> [Entry] {
    let end = try endRecord(of: data)
    let total = try word(data, end + 10, 2)
    var offset = try word(data, end + 16, 4)
    guard total != 0xFFFF, offset != 0xFFFF_FFFF else {
      throw DataFailure(reason: "zip64 archives are not read")
    }
    return try (0..<total).map { _ in try entry(data, &offset) }
  }

  /// The end record is the last thing in the file, followed only by a comment of up to 65,535 bytes.
  private static func endRecord(of data: Data) throws -> Int {
    let first = max(0, data.count - 22 - 0xFFFF)
    for offset in stride(from: data.count - 22, through: first, by: -1)
    where try word(data, offset, 4) == 0x0605_4B50 {
      return offset
    }
    throw DataFailure(reason: "not a zip archive, or truncated: the end record is missing")
  }

  private static func entry(_ data: Data, _ offset: inout Int) throws -> Entry {
    guard try word(data, offset, 4) == 0x0201_4B50 else {
      throw DataFailure(reason: "the directory is damaged")
    }
    let nameCount = try word(data, offset + 28, 2)
    let name = String(decoding: data.dropFirst(offset + 46).prefix(nameCount), as: UTF8.self)
    let entry = Entry(
      name: name, method: try word(data, offset + 10, 2), isEncrypted: try word(data, offset + 8, 2) & 1 == 1,
      crc: UInt32(try word(data, offset + 16, 4)), compressedCount: try word(data, offset + 20, 4),
      count: try word(data, offset + 24, 4), headerOffset: try word(data, offset + 42, 4))
    offset += try 46 + nameCount + word(data, offset + 30, 2) + word(data, offset + 32, 2)
    return entry
  }

  /// A little-endian unsigned number of `size` bytes.
  private static func word(_ data: Data, _ offset: Int, _ size: Int) throws -> Int {
    guard offset >= 0, offset + size <= data.count else { throw DataFailure(reason: "truncated") }
    let start = data.startIndex + offset
    return data[start..<start + size].reversed().reduce(0) { $0 << 8 | Int($1) }
  }
}
