import Boards
import FoundationEssentials

/// A C compiler and linker with their flags, as its YAML file says.
public struct Toolchain: Equatable, Codable, Sendable {
  /// Which family's command line it takes; also the key under which a core names its flags.
  public enum Kind: String, CaseIterable, Codable, Sendable {
    case clang, gcc, host
  }

  /// Where the C library's headers and the libraries lie, for a compiler that does not know by itself.
  public struct Sysroot: Equatable, Codable, Sendable {
    public var includeDirectories: [String]
    public var libraryDirectories: [String]

    public init(includeDirectories: [String], libraryDirectories: [String]) {
      self.includeDirectories = includeDirectories
      self.libraryDirectories = libraryDirectories
    }
  }

  public var name: String
  public var title: String
  public var kind: Kind
  public var compiler: Tool
  public var linker: Tool
  /// The program that knows the sysroot; nil where the compiler does.
  public var sysrootTool: Tool?
  public var compileFlags: [String]
  public var warningFlags: [String]
  public var linkFlags: [String]
  /// Compile flags by processor architecture of the machine that the tool runs on.
  public var machineFlags: [String: [String]]
  /// Found by `located(for:)`.
  public var sysroot: Sysroot?

  public init(
    name: String, title: String, kind: Kind, compiler: Tool, linker: Tool, sysrootTool: Tool? = nil,
    compileFlags: [String], warningFlags: [String] = [], linkFlags: [String] = [],
    machineFlags: [String: [String]] = [:], sysroot: Sysroot? = nil
  ) {
    self.name = name
    self.title = title
    self.kind = kind
    self.compiler = compiler
    self.linker = linker
    self.sysrootTool = sysrootTool
    self.compileFlags = compileFlags
    self.warningFlags = warningFlags
    self.linkFlags = linkFlags
    self.machineFlags = machineFlags
    self.sysroot = sysroot
  }

  private static let toolFields = [
    ConfigurationField("program", .text, required: true),
    ConfigurationField("install", .text, required: true),
  ]

  private static let shape = ConfigurationShape.mapping([
    ConfigurationField("schema", .choice(["1"]), required: true),
    ConfigurationField("title", .text, required: true),
    ConfigurationField("kind", .choice(Kind.allCases.map(\.rawValue)), required: true),
    ConfigurationField("compiler", .mapping(toolFields), required: true),
    ConfigurationField("linker", .mapping(toolFields), required: true),
    ConfigurationField("sysroot", .mapping(toolFields)),
    ConfigurationField("compile", .list(.text), required: true),
    ConfigurationField("warnings", .list(.text)),
    ConfigurationField("link", .list(.text)),
    ConfigurationField("machines", .table(.list(.text))),
  ])

  /// Reads a toolchain file; its name without `.yml` becomes the toolchain's.
  /// - Throws: `ConfigurationError` with every problem in the file.
  public init(contentsOf file: String) throws(ConfigurationError) {
    let node = try ConfigurationNode(contentsOf: file)
    let problems = Self.shape.problems(in: node, key: "toolchain", complete: true)
    guard problems.isEmpty else { throw ConfigurationError(problems) }
    let stem = file.split(separator: "/").last.map(String.init) ?? file
    self.init(
      name: stem.hasSuffix(".yml") ? String(stem.dropLast(4)) : stem,
      title: node["title"]?.text ?? "", kind: node["kind"]?.text.flatMap(Kind.init) ?? .clang,
      compiler: Tool(node["compiler"]), linker: Tool(node["linker"]),
      sysrootTool: node["sysroot"].map { Tool($0) },
      compileFlags: node["compile"]?.texts ?? [], warningFlags: node["warnings"]?.texts ?? [],
      linkFlags: node["link"]?.texts ?? [],
      machineFlags: Dictionary(
        (node["machines"]?.entries ?? []).map { ($0.key, $0.value.texts) }, uniquingKeysWith: { $1 }))
  }
}

extension Tool {
  fileprivate init(_ node: ConfigurationNode?) {
    self.init(program: node?["program"]?.text ?? "", install: node?["install"]?.text ?? "")
  }
}
