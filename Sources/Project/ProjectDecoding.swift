import Boards
import Compiler
import FoundationEssentials
import Operators

extension Project {
  /// Reads the project in `folder`.
  /// - Throws: `MissingProject` where there is none, `ConfigurationError` with every problem in its file.
  public init(folder: String) throws {
    let file = folder == "." ? Self.fileName : "\(folder)/\(Self.fileName)"
    guard FileManager.default.fileExists(atPath: file) else { throw MissingProject(folder: folder) }
    try self.init(ConfigurationNode(contentsOf: file))
  }

  /// Reads a project's text; `file` is what problems name.
  /// - Throws: `ConfigurationError` with every problem in it.
  public init(yaml: String, file: String = Project.fileName) throws(ConfigurationError) {
    try self.init(ConfigurationNode(yaml: yaml, file: file))
  }

  private init(_ node: ConfigurationNode) throws(ConfigurationError) {
    var values = ProjectValues(
      problems: ProjectSchema.shape(for: node).problems(in: node, key: "", complete: true))
    let classes = values.classes(node["classes"])
    self.init(
      name: values.filled(node["name"], "name"), model: values.filled(node["model"], "model"),
      classes: classes, head: node["head"]?.choice() ?? .new, board: values.filled(node["board"], "board"),
      toolchain: node["toolchain"]?.text ?? "clang", update: values.update(node["update"]),
      residual: node["residual"]?.choice() ?? .fourBits,
      gradients: node["gradients"]?.choice() ?? .float32, scaling: node["qas"]?.choice() ?? .exact,
      rounding: node["rounding"]?.choice(), loss: node["loss"]?.choice() ?? .softmaxCrossEntropy,
      optimize: node["optimize"]?.choice(), keepInput: node["keep_input"]?.text == "true",
      stackBytes: values.integer(node["stack_bytes"], .bytes),
      optimizer: values.optimizer(node["optimizer"]), evaluation: values.evaluation(node["evaluation"]),
      learningGuard: values.learningGuard(node["guard"]), replay: values.replay(node["replay"]),
      data: values.data(node["data"]),
      preprocessing: values.preprocessing(node["preprocessing"]), plugins: node["plugins"]?.texts ?? [])
    if head == .new, classes == nil, node["classes"] == nil {
      values.problems.append(
        node.problem(
          "'classes' is missing: a new head needs their names or their number (or write 'head: keep')"))
    }
    guard values.problems.isEmpty else { throw ConfigurationError(values.problems.sortedByLine) }
  }
}

/// A folder without a project.
public struct MissingProject: Error, Equatable, CustomStringConvertible {
  public var folder: String

  public init(folder: String) { self.folder = folder }

  public var description: String {
    "no project in '\(folder)': it has no \(Project.fileName); name a project's folder with --project DIR, or make a "
      + "project with: tinysdk new-project NAME --board BOARD"
  }
}

/// Reads values that have the right shape and collects what is wrong with them otherwise.
struct ProjectValues {
  var problems: [ConfigurationProblem]

  mutating func filled(_ node: ConfigurationNode?, _ key: String) -> String {
    guard let node, let text = node.text else { return "" }
    if text.isEmpty { problems.append(node.problem("'\(key)' is empty")) }
    return text
  }

  /// `nil` where the value is missing; what is no number is a problem of the shape.
  mutating func integer(_ node: ConfigurationNode?, _ quantity: Quantity = .count) -> Int? {
    node?.text.flatMap(quantity.parse).flatMap { Int(exactly: $0) }
  }

  mutating func positive(_ node: ConfigurationNode?, _ key: String) -> Int? {
    guard let node, let value = integer(node) else { return nil }
    if value < 1 { problems.append(node.problem("'\(key)': \(value) is not 1 or more")) }
    return value
  }

  /// A decimal number for which `isGood` holds.
  mutating func decimal(
    _ node: ConfigurationNode?, _ key: String, _ rule: String = "a finite number",
    where isGood: (Double) -> Bool = { _ in true }
  ) -> Double? {
    guard let node, let text = node.text else { return nil }
    guard let value = Double(text), value.isFinite, isGood(value) else {
      problems.append(node.problem("'\(key)': '\(text)' is not \(rule)"))
      return nil
    }
    return value
  }

  /// Refuses all but one of keys that exclude each other.
  mutating func exclusive(_ node: ConfigurationNode?, _ keys: [String]) {
    let given = (node?.entries ?? []).filter { keys.contains($0.key) }
    guard given.count > 1 else { return }
    for entry in given.dropFirst() {
      problems.append(entry.value.problem("'\(entry.key)' stands beside '\(given[0].key)'; give one of them"))
    }
  }

  mutating func classes(_ node: ConfigurationNode?) -> Project.Classes? {
    guard let node else { return nil }
    if node.text != nil {
      guard let count = integer(node) else { return nil }
      if count < 2 { problems.append(node.problem("'classes': \(count) is not 2 or more")) }
      return .count(count)
    }
    let names = node.texts
    if names.count < 2 { problems.append(node.problem("'classes' names \(names.count); give 2 or more")) }
    let repeated = Dictionary(grouping: names) { $0 }.filter { $0.value.count > 1 }.keys.sorted()
    problems += repeated.map { node.problem("'classes' names '\($0)' twice") }
    return .names(names)
  }
}

extension [ConfigurationProblem] {
  fileprivate var sortedByLine: [ConfigurationProblem] {
    enumerated().sorted { ($0.element.line ?? 0, $0.offset) < ($1.element.line ?? 0, $1.offset) }.map(
      \.element)
  }
}

extension ConfigurationNode {
  func choice<Choice: RawRepresentable<String>>() -> Choice? { text.flatMap(Choice.init) }
}
