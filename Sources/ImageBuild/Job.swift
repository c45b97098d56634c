/// One step of a build, as a value: what runs, on what, making what. Nothing happens until an `Executor`
/// takes it.
public struct Job: Equatable, Codable, Sendable {
  public enum Kind: String, Codable, Sendable {
    case write, compile, link
  }

  /// A file that is written as it stands, where `kind` is `.write`.
  public typealias Text = String

  /// An argument of a command line. Paths are kept apart, so that they can be told from flags, compared, and
  /// staged.
  public enum Argument: Equatable, Codable, Sendable {
    case flag(String)
    case path(String)
    /// A flag and a path in one word, such as `-Wl,-Map,` and `image.map`.
    case joined(String, path: String)

    /// The word of the command line, with `path` mapped.
    func word(mapping path: (String) -> String = { $0 }) -> String {
      switch self {
      case .flag(let flag): flag
      case .path(let own): path(own)
      case .joined(let flag, let own): flag + path(own)
      }
    }
  }

  public var kind: Kind
  /// Nil for `.write`.
  public var tool: Tool?
  public var arguments: [Argument]
  /// Files that are read. Headers that a compiler finds by itself are known from `dependencies` afterwards.
  public var inputs: [String]
  /// Files that are made; the first names the job.
  public var outputs: [String]
  /// The make rule that the compiler writes about the headers it read; one of `outputs`.
  public var dependencies: String?
  public var text: Text?

  public init(
    kind: Kind, tool: Tool? = nil, arguments: [Argument] = [], inputs: [String] = [], outputs: [String],
    dependencies: String? = nil, text: Text? = nil
  ) {
    self.kind = kind
    self.tool = tool
    self.arguments = arguments
    self.inputs = inputs
    self.outputs = outputs
    self.dependencies = dependencies
    self.text = text
  }

  /// The whole command line, for people to read.
  public var commandLine: [String] { [tool?.program ?? "write"] + arguments.map { $0.word() } }
}

/// A program that is looked up in PATH.
public struct Tool: Equatable, Codable, Sendable {
  public var program: String
  /// What brings it, for the message when it is missing: "the Debian package qemu-system-arm".
  public var install: String

  public init(program: String, install: String) {
    self.program = program
    self.install = install
  }
}
