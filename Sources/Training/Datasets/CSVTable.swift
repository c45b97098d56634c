import Foundation

/// Which column of a table holds the class.
public enum LabelColumn: Codable, Sendable, Equatable {
  /// The column named `label`, `class`, `target` or `y` (any case) if there is a header with one; else the
  /// last.
  case automatic
  case first
  case last
  case named(String)
}

/// A table of numeric features and one label per row, from comma-separated text (RFC 4180).
public struct CSVTable: Sendable {
  /// float64, `[rows, features]`.
  public let features: NumericArray
  /// The labels as they are written.
  public let labels: [String]
  /// The line of each row in the file, counted from 1.
  public let lines: [Int]

  /// - Throws: `DatasetError` with every row that has a bad number or another number of fields.
  public init(path: String, labelColumn: LabelColumn = .automatic) throws {
    try self.init(try mappedContents(of: path), path: path, labelColumn: labelColumn)
  }

  init(_ text: Data, path: String, labelColumn: LabelColumn) throws {
    var records = try CSVRecords(text, path: path)
    guard let first = try records.next() else {
      throw DatasetError(path, "the file is empty", advice: "Give a table with one sample per line.")
    }
    let (labelIndex, hasHeader) = try Self.labelIndex(first, labelColumn, path: path)
    var rows = Rows(path: path, fieldCount: first.fields.count, labelIndex: labelIndex)
    if !hasHeader { rows.append(first) }
    while let record = try records.next() { rows.append(record) }
    try rows.finish()
    features = NumericArray(shape: [rows.lines.count, first.fields.count - 1], values: rows.values)
    labels = rows.labels
    lines = rows.lines
  }

  /// The first record is a header if any of its features is not a number.
  private static func labelIndex(_ first: CSVRecords.Record, _ column: LabelColumn, path: String) throws
    -> (index: Int, hasHeader: Bool)
  {
    let names = first.fields.map { $0.lowercased() }
    func isHeader(_ label: Int) -> Bool {
      names.indices.contains { $0 != label && Double(names[$0]) == nil }
    }
    let last = names.count - 1
    guard last > 0 else {
      throw DatasetError(
        "\(path):\(first.line)", "one field only",
        advice: "A row is a label and at least one feature, with commas between them.")
    }
    switch column {
    case .first: return (0, isHeader(0))
    case .last: return (last, isHeader(last))
    case .automatic:
      let known = names.firstIndex { ["label", "class", "target", "y"].contains($0) }
      return known.map { ($0, true) } ?? (last, isHeader(last))
    case .named(let name):
      guard let index = names.firstIndex(of: name.lowercased()) else {
        throw DatasetError(
          "\(path):\(first.line)", "no column is named '\(name)'",
          advice: "The columns are: \(first.fields.prefix(12).joined(separator: ", "))")
      }
      return (index, true)
    }
  }

  /// Rows as they are read, with everything that is wrong about them.
  private struct Rows {
    let path: String
    let fieldCount: Int
    let labelIndex: Int
    var values: [Double] = []
    var labels: [String] = []
    var lines: [Int] = []
    var problems: [DatasetError.Problem] = []

    mutating func append(_ record: CSVRecords.Record) {
      guard record.fields.count == fieldCount else {
        return report(record.line, "\(record.fields.count) fields where the first row has \(fieldCount)")
      }
      for (index, field) in record.fields.enumerated() where index != labelIndex {
        guard let value = Double(field), value.isFinite else {
          return report(record.line, "column \(index + 1): '\(field)' is not a number")
        }
        values.append(value)
      }
      labels.append(record.fields[labelIndex])
      lines.append(record.line)
    }

    private mutating func report(_ line: Int, _ reason: String) {
      problems.append(.init("\(path):\(line)", reason))
    }

    func finish() throws {
      if !problems.isEmpty {
        throw DatasetError(problems, advice: "Correct these lines or take them out.")
      }
      if lines.isEmpty {
        throw DatasetError(path, "a header and no rows", advice: "Give a table with one sample per line.")
      }
    }
  }
}
