import FoundationEssentials

/// What a plugin's `plugin.yml` says.
public struct PluginManifest: Equatable, Codable, Sendable {
  public enum Part: String, CaseIterable, Codable, Sendable {
    case boards, chips, cores, toolchains, kernels, importers

    /// The folder inside the plugin.
    public var folder: String { rawValue.prefix(1).uppercased() + rawValue.dropFirst() }
  }

  public var name: String
  public var version: String
  public var contents: [Part]

  public init(name: String, version: String, contents: [Part]) {
    self.name = name
    self.version = version
    self.contents = contents
  }

  private static let shape = ConfigurationShape.mapping([
    ConfigurationField("schema", .choice(["1"]), required: true),
    ConfigurationField("name", .text, required: true),
    ConfigurationField("version", .text, required: true),
    ConfigurationField("contents", .list(.choice(Part.allCases.map(\.rawValue))), required: true),
  ])

  /// Reads the manifest of the plugin in `folder`.
  /// - Throws: `ConfigurationError` where there is none, with every problem in it, or with every part that it
  ///   declares and does not have.
  public init(folder: String) throws(ConfigurationError) {
    let file = "\(folder)/plugin.yml"
    let node = try ConfigurationNode(contentsOf: file)
    var problems = Self.shape.problems(in: node, key: "plugin", complete: true)
    let contents: [Part] = (node["contents"]?.elements ?? []).compactMap { $0.choice() }
    problems += contents.filter { !FileManager.default.fileExists(atPath: "\(folder)/\($0.folder)") }
      .map { (node["contents"] ?? node).problem("declares \($0.rawValue), but has no folder \($0.folder)") }
    guard problems.isEmpty else { throw ConfigurationError(problems) }
    self.init(name: node["name"]?.text ?? "", version: node["version"]?.text ?? "", contents: contents)
  }
}

extension ConfigurationNode {
  /// Reads a YAML file whose outermost value is a mapping.
  /// - Throws: `ConfigurationError` where it cannot be read or is no such YAML.
  public init(contentsOf file: String) throws(ConfigurationError) {
    guard let data = FileManager.default.contents(atPath: file) else {
      throw ConfigurationError([ConfigurationProblem(file: file, message: "the file cannot be read")])
    }
    guard let text = String(data: data, encoding: .utf8) else {
      throw ConfigurationError([ConfigurationProblem(file: file, message: "the file is not UTF-8 text")])
    }
    try self.init(yaml: text, file: file)
  }
}
