import Boards

/// A folder of kernels, as its `kernels.yml` says.
public struct KernelBackend: Equatable, Codable, Sendable {
  /// One kernel.
  public struct Entry: Equatable, Codable, Sendable {
    /// Its C name.
    public var symbol: String
    /// The contract's kernel that it stands in for; its own name where it is that kernel.
    public var implements: String
    public var file: String
    /// The layout in which it reads weights; `nil` for the canonical one.
    public var layout: String?
    /// An output may take the place of an input.
    public var worksInPlace: Bool
  }

  /// A layout of weights of the backend's own.
  public struct Layout: Equatable, Codable, Sendable {
    public var name: String
    /// The C file with `tinysdk_layout_<name>_bytes`, `_pack` and `_unpack`.
    public var file: String
  }

  /// In lower case.
  public var name: String
  public var folder: String
  public var kernels: [Entry]
  public var layouts: [Layout]

  private static let shape = ConfigurationShape.mapping([
    ConfigurationField("schema", .choice(["1"]), required: true),
    ConfigurationField("contract", .choice(["1"]), required: true),
    ConfigurationField("backend", .text, required: true),
    ConfigurationField(
      "kernels",
      .list(
        .mapping([
          ConfigurationField("symbol", .text, required: true),
          ConfigurationField("implements", .text),
          ConfigurationField("file", .text, required: true),
          ConfigurationField("layout", .text),
          ConfigurationField("in_place", .list(.list(.text))),
          ConfigurationField("when", .text),
        ])), required: true),
    ConfigurationField(
      "layouts",
      .list(
        .mapping([
          ConfigurationField("name", .text, required: true),
          ConfigurationField("file", .text, required: true),
        ]))),
  ])

  /// Reads `kernels.yml` of a folder.
  /// - Throws: `ConfigurationError` with every problem in the file.
  public init(folder: String) throws(ConfigurationError) {
    let node = try ConfigurationNode(contentsOf: "\(folder)/kernels.yml")
    let problems = Self.shape.problems(in: node, key: "kernels", complete: true)
    guard problems.isEmpty else { throw ConfigurationError(problems) }
    self.folder = folder
    name = node["backend"]?.text ?? ""
    kernels = (node["kernels"]?.elements ?? []).map { entry in
      let symbol = entry["symbol"]?.text ?? ""
      return Entry(
        symbol: symbol, implements: entry["implements"]?.text ?? symbol, file: entry["file"]?.text ?? "",
        layout: entry["layout"]?.text, worksInPlace: entry["in_place"]?.elements.isEmpty == false)
    }
    layouts = (node["layouts"]?.elements ?? []).map {
      Layout(name: $0["name"]?.text ?? "", file: $0["file"]?.text ?? "")
    }
  }
}
