import Boards
import Foundation
import ImageBuild
import Project

/// A project with everything around it that a command needs: the SDK's files, boards, toolchains, installed
/// programs.
package struct Workspace: Sendable {
  /// The project's folder.
  package var folder: String
  package var project: Project
  package var surroundings: Surroundings
  /// Plugins named on the command line.
  package var pluginPaths: [String]

  /// - Throws: `MissingProject`, `ConfigurationError`, `MissingSDKRoot`
  package init(
    folder: String, pluginPaths: [String] = [],
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws {
    project = try Project(folder: folder)
    let own = project.plugins.map { $0.hasPrefix("/") ? $0 : "\(folder)/\($0)" }
    surroundings = try Surroundings(project: folder, pluginPaths: pluginPaths + own, environment: environment)
    self.folder = folder
    self.pluginPaths = pluginPaths
  }

  /// A path of the project file as seen from the current folder.
  package func path(_ written: String) -> String {
    written.hasPrefix("/") || folder == "." ? written : "\(folder)/\(written)"
  }

  /// Where trials, searches and their reports are kept.
  package var searchFolder: String { path("build/search") }

  /// Where everything for a board is built.
  package func outputFolder(board: String, profile: Bool = false) -> String {
    path("build/\(board)\(profile ? "-profile" : "")")
  }
}

/// What a command finds with or without a project.
package struct Surroundings: Sendable {
  package var root: SDKRoot
  package var boards: BoardCatalog
  package var toolchains: ToolchainCatalog
  package var tools: ToolLocator
  package var environment: [String: String]

  /// - Parameter project: its folder, which may hold boards and toolchains of its own.
  /// - Throws: `MissingSDKRoot`, `ConfigurationError` for a plugin that is none.
  package init(
    project: String? = nil, pluginPaths: [String] = [],
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws {
    let root = try SDKRoot.locate(environment: environment)
    let plugins = pluginPaths + BoardSource.pluginPaths(environment: environment)
    let sources = try BoardSource.standard(
      project: project, pluginPaths: plugins, user: BoardSource.userFolder(environment: environment),
      builtIn: root.boards)
    self.root = root
    self.environment = environment
    boards = BoardCatalog(sources: sources)
    toolchains = ToolchainCatalog(
      folders: sources.filter { $0.kind != .builtIn }.map { "\($0.root)/Toolchains" } + [root.toolchains])
    tools = ToolLocator(environment: environment)
  }

  /// Where compiled kernels are kept between runs: `$XDG_CACHE_HOME/tinysdk`, else `~/.cache/tinysdk`.
  package var cacheFolder: URL {
    if let cache = environment["XDG_CACHE_HOME"], cache.hasPrefix("/") {
      return URL(filePath: "\(cache)/tinysdk")
    }
    return URL(filePath: "\(environment["HOME"] ?? "/tmp")/.cache/tinysdk")
  }
}
