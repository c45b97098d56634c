/// Labels as numbers, and the name of each class.
struct ClassLabels: Equatable {
  let labels: [Int]
  let names: [String]

  /// The largest number of classes: beyond it a label is a mistake.
  static let largestCount = 65_536

  /// Labels that are all whole numbers count as class numbers; others are names, numbered in alphabetical
  /// order.
  /// - Parameters:
  ///   - names: the class names in order, where they are known; a label may then be a name or a number.
  ///   - location: where a label stands, for errors.
  /// - Throws: `DatasetError` listing every label that is out of range or has no name.
  init(_ texts: [String], names known: [String]?, location: (Int) -> String) throws {
    let numbers = texts.map { Int($0) ?? Double($0).flatMap(Int.init(exactly:)) }
    let areNumbers = numbers.allSatisfy { $0 != nil }
    let names = known ?? (areNumbers ? [] : Set(texts).sorted())
    let places = Dictionary(names.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    let count = names.isEmpty ? Self.largestCount : names.count
    var problems: [DatasetError.Problem] = []
    labels = texts.indices.map { index in
      let label = places[texts[index]] ?? numbers[index]
      if let label, (0..<count).contains(label) { return label }
      let reason =
        label.map { "label \($0) is out of range: 0 ... \(count - 1)" }
        ?? "label '\(texts[index])' is none of \(names.joined(separator: ", "))"
      problems.append(.init(location(index), reason))
      return 0
    }
    if !problems.isEmpty {
      throw DatasetError(problems, advice: "Correct the labels, or the class names of the project.")
    }
    self.names = names.isEmpty ? (0...(labels.max() ?? 0)).map(String.init) : names
  }
}
