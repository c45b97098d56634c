/// What a configuration value may be. One shape serves to refuse what is unknown, to tell required keys, and
/// to merge a file with its parent.
public indirect enum ConfigurationShape: Sendable {
  case text
  case flag
  case number(Quantity)
  case choice([String])
  /// Values one after the other; a child's are appended unless `replaced`.
  case list(ConfigurationShape, replaced: Bool = false)
  /// Mappings with a `name`; a child's entry replaces the parent's of that name.
  case named([ConfigurationField])
  /// A mapping with known keys; a child's keys override the parent's unless `replaced`.
  case mapping([ConfigurationField], replaced: Bool = false)
  /// A mapping with free keys.
  case table(ConfigurationShape)

  /// Everything in `node` that does not have this shape, in the file's order.
  /// - Parameter complete: also tell required keys that are missing at the outermost level and below; entries
  ///   of a list are always checked for them.
  public func problems(in node: ConfigurationNode, key: String, complete: Bool) -> [ConfigurationProblem] {
    switch self {
    case .text:
      return node.text == nil ? [node.problem("'\(key)' is not a text")] : []
    case .flag:
      return Self.choiceProblems(node, key, ["true", "false"])
    case .number(let quantity):
      return numberProblems(node, key, quantity)
    case .choice(let choices):
      return Self.choiceProblems(node, key, choices)
    case .list(let element, _):
      guard case .list(let elements) = node.content else { return [node.problem("'\(key)' is not a list")] }
      return elements.flatMap { element.problems(in: $0, key: key, complete: true) }
    case .named(let fields):
      return namedProblems(node, key, fields)
    case .mapping(let fields, _):
      guard case .mapping = node.content else { return [node.problem("'\(key)' needs keys and values")] }
      return Self.fieldProblems(node, fields, complete: complete)
    case .table(let element):
      guard case .mapping(let entries) = node.content else {
        return [node.problem("'\(key)' needs keys and values")]
      }
      return entries.flatMap { element.problems(in: $0.value, key: $0.key, complete: true) }
    }
  }

  /// `child` over `parent`, both already of this shape.
  func merge(_ child: ConfigurationNode, over parent: ConfigurationNode) -> ConfigurationNode {
    var result = child
    switch self {
    case .list(_, replaced: false):
      let added = child.elements.filter { element in !parent.elements.contains { $0.text == element.text } }
      result.content = .list(parent.elements + added)
    case .named:
      result.content = .list(Self.mergeNamed(child.elements, over: parent.elements))
    case .mapping(let fields, replaced: false):
      result.content = .mapping(
        Self.mergeEntries(child.entries, over: parent.entries) { key in
          fields.first { $0.key == key }?.shape
        })
    case .table(let shape):
      result.content = .mapping(Self.mergeEntries(child.entries, over: parent.entries) { _ in shape })
    case .text, .flag, .number, .choice, .list, .mapping:
      break
    }
    return result
  }

  private func numberProblems(
    _ node: ConfigurationNode, _ key: String, _ quantity: Quantity
  ) -> [ConfigurationProblem] {
    guard let text = node.text, quantity.parse(text) != nil else {
      let value = node.text.map { "'\($0)'" } ?? "it"
      return [node.problem("'\(key)': \(value) is not \(quantity.example)")]
    }
    return []
  }

  private func namedProblems(
    _ node: ConfigurationNode, _ key: String, _ fields: [ConfigurationField]
  ) -> [ConfigurationProblem] {
    guard case .list(let elements) = node.content else { return [node.problem("'\(key)' is not a list")] }
    var seen: Set<String> = []
    return elements.flatMap { element -> [ConfigurationProblem] in
      guard case .mapping = element.content else {
        return [element.problem("an entry of '\(key)' needs keys and values")]
      }
      let repeated = element["name"]?.text.flatMap { seen.insert($0).inserted ? nil : $0 }
      return repeated.map { [element.problem("'\(key)' has two entries named '\($0)'")] } ?? []
        + Self.fieldProblems(element, fields, complete: true)
    }
  }

  private static func choiceProblems(
    _ node: ConfigurationNode, _ key: String, _ choices: [String]
  ) -> [ConfigurationProblem] {
    guard let text = node.text, choices.contains(text) else {
      let value = node.text.map { "'\($0)'" } ?? "it"
      return [node.problem("'\(key)': \(value) is not one of \(choices.joined(separator: ", "))")]
    }
    return []
  }

  private static func fieldProblems(
    _ node: ConfigurationNode, _ fields: [ConfigurationField], complete: Bool
  ) -> [ConfigurationProblem] {
    let known = fields.map(\.key)
    var problems = node.entries.flatMap { entry -> [ConfigurationProblem] in
      if let field = fields.first(where: { $0.key == entry.key }) {
        return field.shape.problems(in: entry.value, key: entry.key, complete: complete)
      }
      let hint =
        nearestNames(to: entry.key, in: known, limit: 1).first.map { "did you mean '\($0)'?" }
        ?? "known keys: \(known.joined(separator: ", "))"
      return [
        ConfigurationProblem(
          file: node.file, line: entry.line, message: "unknown key '\(entry.key)'; \(hint)")
      ]
    }
    if complete {
      problems += fields.filter { $0.isRequired && node[$0.key] == nil }
        .map { node.problem("'\($0.key)' is missing") }
    }
    return problems
  }

  private static func mergeNamed(
    _ child: [ConfigurationNode], over parent: [ConfigurationNode]
  ) -> [ConfigurationNode] {
    var result = parent
    for element in child {
      if let index = parent.firstIndex(where: { $0["name"]?.text == element["name"]?.text }) {
        result[index] = element
      } else {
        result.append(element)
      }
    }
    return result
  }

  private static func mergeEntries(
    _ child: [ConfigurationNode.Entry], over parent: [ConfigurationNode.Entry],
    shape: (String) -> ConfigurationShape?
  ) -> [ConfigurationNode.Entry] {
    var result = parent
    for entry in child {
      if let index = parent.firstIndex(where: { $0.key == entry.key }) {
        let merged = shape(entry.key)?.merge(entry.value, over: parent[index].value) ?? entry.value
        result[index] = ConfigurationNode.Entry(key: entry.key, line: entry.line, value: merged)
      } else {
        result.append(entry)
      }
    }
    return result
  }
}

/// A key that a mapping may have.
public struct ConfigurationField: Sendable {
  public var key: String
  public var shape: ConfigurationShape
  public var isRequired: Bool

  public init(_ key: String, _ shape: ConfigurationShape, required: Bool = false) {
    self.key = key
    self.shape = shape
    self.isRequired = required
  }
}
