import FoundationEssentials

/// A folder that may hold `Boards/<name>/board.yml`, `Chips/*.yml` and `Cores/*.yml`.
public struct BoardSource: Equatable, Codable, Sendable {
  /// Where a source stands in the search order.
  public enum Kind: String, Codable, Sendable {
    case project, plugin, user
    case builtIn = "built-in"
  }

  public var kind: Kind
  /// The folder.
  public var root: String
  /// For a plugin: what its `plugin.yml` says.
  public var plugin: PluginManifest?

  public init(kind: Kind, root: String, plugin: PluginManifest? = nil) {
    self.kind = kind
    self.root = root
    self.plugin = plugin
  }

  /// The sources in search order: project, plugins, the user's folder, what comes with the SDK. Project and
  /// user folder count only where they exist.
  /// - Throws: `ConfigurationError` with every problem of every plugin.
  public static func standard(
    project: String? = nil, pluginPaths: [String] = [], user: String? = nil, builtIn: String
  ) throws(ConfigurationError) -> [BoardSource] {
    var plugins: [BoardSource] = []
    var problems: [ConfigurationProblem] = []
    for path in pluginPaths {
      do {
        plugins.append(
          BoardSource(kind: .plugin, root: path, plugin: try PluginManifest(folder: path)))
      } catch {
        problems += error.problems
      }
    }
    guard problems.isEmpty else { throw ConfigurationError(problems) }
    let own = project.map { BoardSource(kind: .project, root: $0) }
    let users = user.flatMap {
      FileManager.default.fileExists(atPath: $0) ? BoardSource(kind: .user, root: $0) : nil
    }
    return [own].compactMap(\.self) + plugins + [users].compactMap(\.self)
      + [BoardSource(kind: .builtIn, root: builtIn)]
  }

  /// The folders named by `TINYSDK_PLUGIN_PATH`, separated by colons.
  public static func pluginPaths(environment: [String: String]) -> [String] {
    (environment["TINYSDK_PLUGIN_PATH"] ?? "").split(separator: ":").map(String.init)
  }

  /// The user's own folder: `$XDG_DATA_HOME/tinysdk`, else `~/.tinysdk`.
  public static func userFolder(environment: [String: String]) -> String? {
    if let data = environment["XDG_DATA_HOME"], data.hasPrefix("/") { return "\(data)/tinysdk" }
    return environment["HOME"].map { "\($0)/.tinysdk" }
  }
}
