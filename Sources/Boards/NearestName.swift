/// The optimal string alignment distance: the fewest insertions, deletions, replacements and swaps of
/// neighbours that turn one into the other.
public func editDistance(_ left: String, _ right: String) -> Int {
  let left = Array(left)
  let right = Array(right)
  var rows = [Array(0...right.count)]
  for i in left.indices {
    var row = [i + 1]
    for j in right.indices {
      let replaced = rows[i][j] + (left[i] == right[j] ? 0 : 1)
      var best = min(replaced, rows[i][j + 1] + 1, row[j] + 1)
      if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
        best = min(best, rows[i - 1][j - 1] + 1)
      }
      row.append(best)
    }
    rows.append(row)
  }
  return rows[left.count][right.count]
}

/// The names that `name` was probably meant to be, nearest first: at most `limit`, none further away than a
/// third of the length (at least 2).
public func nearestNames(to name: String, in known: some Sequence<String>, limit: Int = 3) -> [String] {
  let reach = max(2, name.count / 3)
  return
    known
    .map { (name: $0, distance: editDistance(name.lowercased(), $0.lowercased())) }
    .filter { $0.distance <= reach }
    .sorted { ($0.distance, $0.name) < ($1.distance, $1.name) }
    .prefix(limit).map(\.name)
}
