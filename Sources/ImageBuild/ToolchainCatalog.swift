import Boards
import FoundationEssentials

/// The toolchains of several folders of YAML files; where two have one name, the first folder wins.
public struct ToolchainCatalog: Sendable {
  private let files: [String: String]

  public init(folders: [String]) {
    var files: [String: String] = [:]
    for folder in folders {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
      let found = names.filter { $0.hasSuffix(".yml") }.map { (String($0.dropLast(4)), "\(folder)/\($0)") }
      files.merge(found) { first, _ in first }
    }
    self.files = files
  }

  /// The toolchains' names, sorted.
  public var names: [String] { files.keys.sorted() }

  /// - Throws: `UnknownToolchain`, or `ConfigurationError` with every problem in its file.
  public func toolchain(named name: String) throws -> Toolchain {
    guard let file = files[name] else { throw UnknownToolchain(name: name, known: names) }
    return try Toolchain(contentsOf: file)
  }

  /// The toolchain that builds for `board`: the host has its own, whatever `name` is asked for.
  public func toolchain(named name: String = "clang", for board: Board) throws -> Toolchain {
    try toolchain(named: board.isHost ? "host" : name)
  }
}

/// No folder has a toolchain of this name.
public struct UnknownToolchain: Error, Equatable, CustomStringConvertible {
  public var name: String
  public var known: [String]

  public init(name: String, known: [String]) {
    self.name = name
    self.known = known
  }

  public var description: String {
    let nearest = nearestNames(to: name, in: known, limit: 1).first
    return "unknown toolchain '\(name)'" + (nearest.map { "; did you mean '\($0)'?" } ?? "")
      + "\ntoolchains: \(known.joined(separator: ", "))"
  }
}
