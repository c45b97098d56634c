import Foundation

/// Splits comma-separated text into records, one at a time. Fields may be quoted, and then hold commas,
/// doubled quotes and line ends; spaces around an unquoted field, a byte order mark and empty lines are
/// dropped.
struct CSVRecords {
  struct Record: Equatable {
    /// The line on which the record starts, counted from 1.
    let line: Int
    let fields: [String]
  }

  private static let quote = UInt8(ascii: "\"")
  private static let comma = UInt8(ascii: ",")
  private static let newline = UInt8(ascii: "\n")

  private let text: Data
  private let path: String
  private var index: Data.Index
  private var line = 1

  init(_ text: Data, path: String) throws {
    let hasMark = text.starts(with: [0xEF, 0xBB, 0xBF])
    self.text = hasMark ? text.dropFirst(3) : text
    self.path = path
    index = self.text.startIndex
  }

  /// The next record, or nil at the end.
  /// - Throws: `DatasetError` for a quote that is never closed.
  mutating func next() throws -> Record? {
    while index < text.endIndex {
      let start = line
      let bytes = try nextLogicalLine()
      if bytes.allSatisfy({ $0 == 0x20 || $0 == 0x0D || $0 == 0x09 }) { continue }
      return Record(line: start, fields: Self.fields(bytes))
    }
    return nil
  }

  /// The bytes up to a line end outside quotes.
  private mutating func nextLogicalLine() throws -> Data {
    let (start, startLine) = (index, line)
    var isQuoted = false
    while index < text.endIndex {
      let byte = text[index]
      index += 1
      if byte == Self.quote { isQuoted.toggle() }
      if byte == Self.newline {
        line += 1
        if !isQuoted { return text[start..<index - 1] }
      }
    }
    if isQuoted {
      throw DatasetError(
        "\(path):\(startLine)", "a quote is opened and never closed", advice: "Close it, or write it twice.")
    }
    return text[start..<index]
  }

  private static func fields(_ bytes: Data) -> [String] {
    var fields: [[UInt8]] = [[]]
    var isQuoted = false
    for byte in bytes {
      if byte == comma && !isQuoted {
        fields.append([])
        continue
      }
      if byte == quote { isQuoted.toggle() }
      fields[fields.count - 1].append(byte)
    }
    return fields.map(unquoted)
  }

  private static func unquoted(_ field: [UInt8]) -> String {
    let text = String(decoding: field, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    guard text.count >= 2, text.hasPrefix("\""), text.hasSuffix("\"") else { return text }
    return String(text.dropFirst().dropLast()).replacing("\"\"", with: "\"")
  }
}
