/// Reads the words of one line of a graph's text form.
struct GraphLineScanner {
  private let bytes: [UInt8]
  private let lineNumber: Int
  private var position = 0

  init(_ line: Substring, number: Int) {
    bytes = Array(line.utf8)
    lineNumber = number
  }

  func error(_ message: String) -> GraphError {
    .syntax(line: lineNumber, message: "\(message) (column \(position + 1))")
  }

  private mutating func skipSpaces() {
    while position < bytes.count, bytes[position] == UInt8(ascii: " ") { position += 1 }
  }

  var isAtEnd: Bool {
    mutating get {
      skipSpaces()
      return position == bytes.count
    }
  }

  /// Whether `character` comes next; it is not consumed.
  mutating func next(_ character: Character) -> Bool {
    skipSpaces()
    return position < bytes.count && bytes[position] == character.asciiValue
  }

  /// Consumes `character` if it comes next.
  mutating func skip(_ character: Character) -> Bool {
    guard next(character) else { return false }
    position += 1
    return true
  }

  mutating func expect(_ character: Character) throws(GraphError) {
    guard skip(character) else { throw error("expected '\(character)'") }
  }

  mutating func expectWord(_ expected: String) throws(GraphError) {
    let found = try word()
    guard found == expected else { throw error("expected '\(expected)', found '\(found)'") }
  }

  /// Letters, digits and the characters of names, numbers and base64.
  mutating func word() throws(GraphError) -> String {
    skipSpaces()
    let start = position
    while position < bytes.count,
      isNameByte(bytes[position]) || bytes[position] == UInt8(ascii: "+")
        || (bytes[position] == UInt8(ascii: "=") && position > start
          && bytes[position - 1] != UInt8(ascii: " "))
    {
      position += 1
    }
    guard position > start else { throw error("expected a word") }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  mutating func quotedString() throws(GraphError) -> String {
    try expect("\"")
    var text: [UInt8] = []
    while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
      if bytes[position] == UInt8(ascii: "\\"), position + 1 < bytes.count {
        position += 1
        text.append(bytes[position] == UInt8(ascii: "n") ? UInt8(ascii: "\n") : bytes[position])
      } else {
        text.append(bytes[position])
      }
      position += 1
    }
    guard position < bytes.count else { throw error("a quoted string has no end") }
    position += 1
    return String(decoding: text, as: UTF8.self)
  }

  /// `%name`, `%"quoted name"`, or `_` for an absent operand (an empty string).
  mutating func reference() throws(GraphError) -> String {
    if skip("_") { return "" }
    try expect("%")
    return next("\"") ? try quotedString() : try word()
  }

  mutating func int() throws(GraphError) -> Int {
    let text = try word()
    guard let value = Int(text) else { throw error("'\(text)' is no integer") }
    return value
  }

  mutating func number() throws(GraphError) -> Double {
    let text = try word()
    guard let value = Double(text) else { throw error("'\(text)' is no number") }
    return value
  }

  mutating func intList() throws(GraphError) -> [Int] {
    try list { scanner throws(GraphError) in try scanner.int() }
  }

  /// `[a, b, …]`
  mutating func list<T>(
    _ element: (inout GraphLineScanner) throws(GraphError) -> T
  ) throws(GraphError) -> [T] {
    var elements: [T] = []
    try expect("[")
    while !skip("]") {
      elements.append(try element(&self))
      _ = skip(",")
    }
    return elements
  }
}
