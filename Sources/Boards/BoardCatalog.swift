import FoundationEssentials

/// The boards of several folders. Where two sources have a file of one name, the first source wins.
public struct BoardCatalog: Sendable {
  /// The level of a file; the raw value is its folder's name.
  public enum Level: String, CaseIterable, Codable, Sendable {
    case board = "Boards"
    case chip = "Chips"
    case core = "Cores"

    /// Where a file of this level looks for its parent, in order.
    var parents: ArraySlice<Level> {
      Self.allCases[(Self.allCases.firstIndex(of: self) ?? 0)...]
    }
  }

  /// One file of the catalog.
  public struct Entry: Equatable, Codable, Sendable {
    public var name: String
    public var level: Level
    public var file: String
    public var source: BoardSource
  }

  public let sources: [BoardSource]
  private let entries: [Level: [String: Entry]]

  /// Looks through the folders for file names; contents are read when a board is asked for.
  public init(sources: [BoardSource]) {
    self.sources = sources
    var entries: [Level: [String: Entry]] = [:]
    for source in sources {
      for level in Level.allCases {
        let found = Self.entries(of: level, in: source).map { ($0.name, $0) }
        entries[level, default: [:]].merge(found) { first, _ in first }
      }
    }
    self.entries = entries
  }

  /// The boards' names, sorted.
  public var names: [String] { (entries[.board] ?? [:]).keys.sorted() }

  /// The file behind a name; nil where no source has one.
  public func entry(_ level: Level, named name: String) -> Entry? { entries[level]?[name] }

  /// Resolves a board: its file over its chip's over its core's.
  /// - Throws: `UnknownBoard`, or `ConfigurationError` with every problem of the files that take part.
  public func board(named name: String) throws -> Board {
    guard let entry = entries[.board]?[name] else { throw UnknownBoard(name: name, known: names) }
    return try resolve(entry)
  }

  /// The C files of a board's `Firmware` folder, sorted; empty where it has none.
  public func firmware(ofBoard name: String) -> [String] {
    guard let entry = entries[.board]?[name] else { return [] }
    let folder = entry.file.dropLast("board.yml".count) + "Firmware"
    return Self.files(in: String(folder)).filter { $0.hasSuffix(".c") }.map { "\(folder)/\($0)" }
  }

  /// Every problem of the board file, chip file, core file, or folder of such at `path`; parents are looked
  /// up in this catalog.
  public func lint(_ path: String) -> [ConfigurationProblem] {
    let files = Self.boardFiles(under: path)
    guard !files.isEmpty else {
      return [ConfigurationProblem(file: path, message: "no board, chip or core file here")]
    }
    return files.flatMap(lintFile)
  }

  private func lintFile(_ file: String) -> [ConfigurationProblem] {
    let folders = file.split(separator: "/").map(String.init)
    let level: Level =
      folders.last == "board.yml" ? .board : folders.dropLast().last == Level.core.rawValue ? .core : .chip
    let name =
      level == .board ? folders.dropLast().last ?? file : folders.last.map { String($0.dropLast(4)) } ?? file
    let entry = Entry(
      name: name, level: level, file: file, source: BoardSource(kind: .project, root: file))
    do {
      if level == .board { _ = try resolve(entry) } else { _ = try chain(from: entry) }
      return []
    } catch {
      return error.problems
    }
  }

  private func resolve(_ entry: Entry) throws(ConfigurationError) -> Board {
    let chain = try chain(from: entry)
    guard let own = chain.first else { throw ConfigurationError([]) }
    let merged = chain.dropFirst().reduce(own.node) { child, parent in
      var parentNode = parent.node
      // A title belongs to its own file: a board without one is reported, not named after its chip.
      parentNode.content = .mapping(parentNode.entries.filter { $0.key != "title" && $0.key != "inherits" })
      return BoardSchema.shape.merge(child, over: parentNode)
    }
    guard let core = chain.first(where: { $0.entry.level == .core }) else {
      throw ConfigurationError([own.node.problem("'\(entry.name)' inherits from no core file")])
    }
    let chip = chain.first { $0.entry.level == .chip }
    return try Board(name: entry.name, chip: chip?.entry.name, core: core.entry.name, resolved: merged)
  }

  /// The file and its parents, each without a problem of its own.
  private func chain(from entry: Entry) throws(ConfigurationError) -> [(
    entry: Entry, node: ConfigurationNode
  )] {
    var chain: [(entry: Entry, node: ConfigurationNode)] = []
    var problems: [ConfigurationProblem] = []
    var next: Entry? = entry
    while let current = next {
      let node = try ConfigurationNode(contentsOf: current.file)
      problems += BoardSchema.problems(in: node)
      chain.append((current, node))
      next = nil
      guard let inherits = node["inherits"], let parent = inherits.text else { break }
      // A board may be named like its chip or core, so a file is its own parent only where nothing else fits.
      let candidates = current.level.parents.compactMap { entries[$0]?[parent] }
      guard let found = candidates.first(where: { $0.file != current.file }) ?? candidates.first else {
        problems.append(missingParent(parent, of: current, at: inherits))
        break
      }
      if let start = chain.firstIndex(where: { $0.entry.file == found.file }) {
        let circle = (chain[start...].map(\.entry.name) + [found.name]).joined(separator: " -> ")
        problems.append(inherits.problem("inheritance circle: \(circle)"))
        break
      }
      next = found
    }
    guard problems.isEmpty else { throw ConfigurationError(problems) }
    return chain
  }

  private func missingParent(
    _ parent: String, of entry: Entry, at node: ConfigurationNode
  ) -> ConfigurationProblem {
    let known = entry.level.parents.flatMap { (entries[$0] ?? [:]).keys }.filter { $0 != entry.name }
    let hint =
      nearestNames(to: parent, in: known, limit: 1).first.map { "did you mean '\($0)'?" }
      ?? "known: \(known.sorted().joined(separator: ", "))"
    return node.problem("'\(entry.name)' inherits from '\(parent)', which does not exist; \(hint)")
  }

  private static func entries(of level: Level, in source: BoardSource) -> [Entry] {
    let folder = "\(source.root)/\(level.rawValue)"
    return files(in: folder).compactMap { item in
      if level == .board {
        let file = "\(folder)/\(item)/board.yml"
        guard FileManager.default.fileExists(atPath: file) else { return nil }
        return Entry(name: item, level: level, file: file, source: source)
      }
      guard item.hasSuffix(".yml") else { return nil }
      return Entry(name: String(item.dropLast(4)), level: level, file: "\(folder)/\(item)", source: source)
    }
  }

  private static func boardFiles(under path: String) -> [String] {
    var isFolder = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { return [] }
    if !isFolder { return path.hasSuffix(".yml") ? [path] : [] }
    if FileManager.default.fileExists(atPath: "\(path)/board.yml") { return ["\(path)/board.yml"] }
    let source = BoardSource(kind: .project, root: path)
    return Level.allCases.flatMap { entries(of: $0, in: source).map(\.file) }
  }

  private static func files(in folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
  }
}

/// No source has a board of this name.
public struct UnknownBoard: Error, Equatable, CustomStringConvertible {
  public var name: String
  public var known: [String]

  public init(name: String, known: [String]) {
    self.name = name
    self.known = known
  }

  public var description: String {
    let nearest = nearestNames(to: name, in: known)
    let hint = nearest.isEmpty ? "" : "; did you mean \(nearest.map { "'\($0)'" }.joined(separator: " or "))?"
    return "unknown board '\(name)'\(hint)\nboards: \(known.joined(separator: ", "))"
  }
}
