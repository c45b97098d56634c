import Yams

/// A YAML value that remembers the file and the line it came from.
public struct ConfigurationNode: Equatable, Sendable {
  public indirect enum Content: Equatable, Sendable {
    case scalar(String)
    case list([ConfigurationNode])
    case mapping([Entry])
  }

  /// A key of a mapping and its value.
  public struct Entry: Equatable, Sendable {
    public var key: String
    public var line: Int
    public var value: ConfigurationNode
  }

  public var content: Content
  public var file: String
  /// From 1.
  public var line: Int

  /// The value of `key`; nil when this is no mapping or has no such key.
  public subscript(key: String) -> ConfigurationNode? {
    entries.first { $0.key == key }?.value
  }

  /// The entries of a mapping, in the file's order; empty for anything else.
  public var entries: [Entry] {
    if case .mapping(let entries) = content { entries } else { [] }
  }

  /// The elements of a list; empty for anything else.
  public var elements: [ConfigurationNode] {
    if case .list(let elements) = content { elements } else { [] }
  }

  public var text: String? {
    if case .scalar(let text) = content { text } else { nil }
  }

  public func problem(_ message: String) -> ConfigurationProblem {
    ConfigurationProblem(file: file, line: line, message: message)
  }

  /// Reads one YAML document whose outermost value is a mapping.
  /// - Throws: `ConfigurationError` with the parser's complaint and its line.
  public init(yaml: String, file: String) throws(ConfigurationError) {
    let node: Node?
    do {
      node = try Yams.compose(yaml: yaml)
    } catch {
      throw ConfigurationError([Self.problem(of: error, file: file)])
    }
    guard let node, node.mapping != nil else {
      throw ConfigurationError([
        ConfigurationProblem(file: file, line: 1, message: "expected keys and values, such as 'schema: 1'")
      ])
    }
    self.init(node, file: file, line: 1)
  }

  private init(_ node: Node, file: String, line: Int) {
    let line = node.mark?.line ?? line
    self.file = file
    self.line = line
    switch node {
    case .mapping(let mapping):
      content = .mapping(
        mapping.map { key, value in
          let keyLine = key.mark?.line ?? line
          return Entry(
            key: key.string ?? "", line: keyLine, value: ConfigurationNode(value, file: file, line: keyLine))
        })
    case .sequence(let sequence):
      content = .list(sequence.map { ConfigurationNode($0, file: file, line: line) })
    case .scalar(let scalar):
      content = .scalar(scalar.string)
    case .alias:
      content = .scalar("")
    }
  }

  init(content: Content, file: String, line: Int) {
    self.content = content
    self.file = file
    self.line = line
  }

  private static func problem(of error: any Error, file: String) -> ConfigurationProblem {
    switch error as? YamlError {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      ConfigurationProblem(file: file, line: mark.line, message: "not valid YAML: \(problem)")
    case .duplicatedKeysInMapping(let duplicates, let context):
      ConfigurationProblem(
        file: file, line: context.mark.line,
        message: "duplicated keys: \(duplicates.map { "'\($0)'" }.sorted().joined(separator: ", "))")
    default:
      ConfigurationProblem(file: file, message: "not valid YAML: \(error)")
    }
  }
}
