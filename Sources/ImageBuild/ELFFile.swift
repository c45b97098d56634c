import FoundationEssentials

/// A 32-bit little-endian ELF file, as far as sizes, symbols and references are concerned. Source: Tool
/// Interface Standard, Executable and Linking Format, version 1.2, and ELF for the Arm Architecture.
public struct ELFFile: Equatable, Sendable {
  public struct Section: Equatable, Sendable {
    public var name: String
    public var type: Int
    public var flags: Int
    public var address: UInt64
    public var offset: Int
    public var size: Int
    public var link: Int
    public var info: Int

    /// It takes memory while the program runs.
    public var isAllocated: Bool { flags & 2 != 0 }
    /// It takes no bytes in the file: uninitialised.
    public var isEmptyInFile: Bool { type == 8 }
  }

  public struct Segment: Equatable, Sendable {
    public var offset: Int
    public var virtualAddress: UInt64
    public var physicalAddress: UInt64
    public var fileSize: Int
  }

  public struct Symbol: Equatable, Sendable {
    public var name: String
    public var value: UInt64
    public var isFunction: Bool
    /// Other object files see it.
    public var isGlobal: Bool
    /// The index of its section; 0 where it is undefined.
    public var section: Int
  }

  public var path: String
  public var sections: [Section]
  public var segments: [Segment]
  public var symbols: [Symbol]
  let reader: ByteReader

  /// - Throws: `ELFError` where the file cannot be read, is no such ELF, or points outside of itself.
  public init(contentsOf path: String) throws(ELFError) {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw ELFError(path: path, reason: "the file cannot be read")
    }
    let reader = ByteReader(bytes: [UInt8](data))
    guard reader.slice(0, 6).map(Array.init) == [0x7F, 0x45, 0x4C, 0x46, 1, 1] else {
      throw ELFError(path: path, reason: "it is no 32-bit little-endian ELF file")
    }
    guard let sections = Self.sections(reader), let segments = Self.segments(reader),
      let symbols = Self.symbols(reader, sections)
    else { throw ELFError(path: path, reason: "it is damaged: a table points outside of the file") }
    self.path = path
    self.reader = reader
    self.sections = sections
    self.segments = segments
    self.symbols = symbols
  }

  public static func == (left: ELFFile, right: ELFFile) -> Bool { left.reader.bytes == right.reader.bytes }

  /// The value of a symbol, its address in an image.
  public func address(of symbol: String) -> UInt64? { symbols.first { $0.name == symbol }?.value }

  private static func sections(_ reader: ByteReader) -> [Section]? {
    guard let table = reader.u32(0x20), let size = reader.u16(0x2E), let count = reader.u16(0x30),
      let names = reader.u16(0x32)
    else { return nil }
    guard count > 0 else { return [] }
    guard let nameTable = reader.u32(table + names * size + 16) else { return nil }
    var result: [Section] = []
    for index in 0..<count {
      let at = table + index * size
      let words = (0..<8).compactMap { reader.u32(at + $0 * 4) }
      guard words.count == 8, let name = reader.text(nameTable + words[0]) else { return nil }
      result.append(
        Section(
          name: name, type: words[1], flags: words[2], address: UInt64(words[3]), offset: words[4],
          size: words[5], link: words[6], info: words[7]))
    }
    return result
  }

  private static func segments(_ reader: ByteReader) -> [Segment]? {
    guard let table = reader.u32(0x1C), let size = reader.u16(0x2A), let count = reader.u16(0x2C) else {
      return nil
    }
    var result: [Segment] = []
    for index in 0..<count {
      let words = (0..<5).compactMap { reader.u32(table + index * size + $0 * 4) }
      guard words.count == 5 else { return nil }
      guard words[0] == 1 else { continue }
      result.append(
        Segment(
          offset: words[1], virtualAddress: UInt64(words[2]), physicalAddress: UInt64(words[3]),
          fileSize: words[4]))
    }
    return result
  }

  private static func symbols(_ reader: ByteReader, _ sections: [Section]) -> [Symbol]? {
    guard let table = sections.first(where: { $0.type == 2 }) else { return [] }
    guard sections.indices.contains(table.link) else { return nil }
    let names = sections[table.link].offset
    var result: [Symbol] = []
    for at in stride(from: table.offset, to: table.offset + table.size, by: 16) {
      guard let nameOffset = reader.u32(at), let name = reader.text(names + nameOffset),
        let value = reader.u32(at + 4), let info = reader.u8(at + 12), let section = reader.u16(at + 14)
      else { return nil }
      result.append(
        Symbol(
          name: name, value: UInt64(value), isFunction: info & 15 == 2, isGlobal: info >> 4 != 0,
          section: section))
    }
    return result
  }
}

/// A file that is not the ELF file it should be.
public struct ELFError: Error, Equatable, CustomStringConvertible {
  public var path: String
  public var reason: String

  public init(path: String, reason: String) {
    self.path = path
    self.reason = reason
  }

  public var description: String { "cannot read \(path): \(reason)" }
}
