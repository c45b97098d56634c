/// A labels file: comma-separated, with a header and the columns `path` and `label`, and perhaps `class`.
struct ImageLabels {
  let entries: [ImageFolder.Entry]
  /// From the column `class`, where the labels are numbers.
  let classNames: [String]?

  /// - Parameter names: known class names; then the column `class`, if there is one, says the class of a
  ///   picture.
  /// - Throws: `DatasetError` for a missing column, a short line, or one label with two class names.
  init(_ path: String, names: [String]?) throws {
    var records = try CSVRecords(try mappedContents(of: path), path: path)
    let header = try records.next()?.fields.map { $0.lowercased() } ?? []
    guard let pathColumn = header.firstIndex(of: "path"),
      let labelColumn = header.firstIndex(of: "label") ?? header.firstIndex(of: "class")
    else {
      throw DatasetError(
        "\(path):1", "the header needs the columns path and label", advice: "Begin with: path,label,class")
    }
    let classColumn = header.firstIndex(of: "class")
    var rows: [(entry: ImageFolder.Entry, label: String, className: String)] = []
    var problems: [DatasetError.Problem] = []
    while let record = try records.next() {
      let place = "\(path):\(record.line)"
      guard record.fields.count == header.count else {
        problems.append(.init(place, "\(record.fields.count) fields, the header has \(header.count)"))
        continue
      }
      let className = record.fields[classColumn ?? labelColumn]
      let label = names == nil ? record.fields[labelColumn] : className
      rows.append((.init(path: record.fields[pathColumn], label: label, place: place), label, className))
    }
    entries = rows.map(\.entry)
    var found: [Int: String] = [:]
    for row in rows {
      guard names == nil, classColumn != nil, let label = Int(row.label) else { continue }
      if found[label, default: row.className] != row.className {
        let reason = "label \(label) is '\(row.className)' here and '\(found[label] ?? "")' above"
        problems.append(.init(row.entry.place, reason))
      }
      found[label] = found[label] ?? row.className
    }
    if !problems.isEmpty { throw DatasetError(problems, advice: "Correct these lines.") }
    classNames = Self.names(found)
  }

  /// The names by number; a number that no picture has keeps its number as its name.
  private static func names(_ found: [Int: String]) -> [String]? {
    guard let last = found.keys.max(), let first = found.keys.min(), first >= 0,
      last < ClassLabels.largestCount
    else { return nil }
    return (0...last).map { found[$0] ?? String($0) }
  }
}
