import Compiler

/// A project file's text with another update setting; every other line stays as it is, comments included.
public func replacingUpdate(in text: String, with update: UpdateSetting) -> String {
  var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  let new = update.lines
  guard let start = lines.firstIndex(where: { $0.hasPrefix("update:") }) else {
    let isTerminated = lines.last?.isEmpty ?? true
    return (isTerminated ? Array(lines.dropLast()) : lines).joined(separator: "\n") + "\n"
      + new.joined(separator: "\n") + "\n"
  }
  var end = start + 1
  while end < lines.count, lines[end].hasPrefix(" ") || lines[end].hasPrefix("\t") { end += 1 }
  lines.replaceSubrange(start..<end, with: new)
  return lines.joined(separator: "\n")
}

extension UpdateSetting {
  /// A scheme as a project writes it, layers by their numbers.
  /// - Parameter layers: how many the network has.
  public init(_ scheme: UpdateScheme, layers: Int) {
    let isTail = scheme.biases == UpdateScheme.lastBiases(scheme.biases.count, of: layers).biases
    self = .layers(
      LayerUpdates(
        biases: isTail
          ? .last(scheme.biases.count) : .layers(scheme.biases.sorted().map { "\($0)" }),
        weights: Dictionary(uniqueKeysWithValues: scheme.weights.map { ("\($0.key)", $0.value) })))
  }
}
