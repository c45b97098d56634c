/// The prerequisites of the first rule in a compiler's dependency file: every file that it read.
package func prerequisites(ofMakeRule text: String) -> [String] {
  var words: [String] = []
  var word = ""
  var escaped = false
  func flush() {
    if !word.isEmpty { words.append(word) }
    word = ""
  }
  for character in text.replacing("$$", with: "$") {
    switch (escaped, character) {
    case (true, "\n"): flush()
    case (true, " "), (true, "#"), (true, "\\"): word.append(character)
    case (true, _):
      word.append("\\")
      word.append(character)
    case (false, "\\"):
      escaped = true
      continue
    case (false, " "), (false, "\t"): flush()
    case (false, "\n"):
      flush()
      return Array(words.drop { !$0.hasSuffix(":") }.dropFirst())
    default: word.append(character)
    }
    escaped = false
  }
  flush()
  return Array(words.drop { !$0.hasSuffix(":") }.dropFirst())
}
