/// Rows under their headings, columns as wide as their widest cell; columns without any content are left
/// out. Columns of numbers stand right.
package func textTable(_ headings: [String], _ rows: [[String]]) -> String {
  let kept = headings.indices.filter { column in rows.contains { !$0[column].isEmpty } }
  let widths = kept.map { column in ([headings] + rows).map { $0[column].count }.max() ?? 0 }
  let isNumeric = kept.map { column in rows.allSatisfy { $0[column].first?.isNumber ?? true } }
  func line(_ row: [String]) -> String {
    let cells = zip(kept, zip(widths, isNumeric)).map { column, style in
      style.1 ? row[column].padding(leftTo: style.0) : row[column].padding(to: style.0)
    }
    return cells.joined(separator: "  ").trimmedAtEnd
  }
  return ([headings] + rows).map(line).joined(separator: "\n")
}

extension String {
  /// The text with spaces behind it.
  package func padding(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }

  fileprivate func padding(leftTo width: Int) -> String {
    String(repeating: " ", count: max(0, width - count)) + self
  }

  fileprivate var trimmedAtEnd: String { String(reversed().drop { $0 == " " }.reversed()) }
}
