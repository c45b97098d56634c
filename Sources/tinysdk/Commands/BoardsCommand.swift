import ArgumentParser
import Project

package struct BoardsCommand: AsyncParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "boards",
    abstract: "List boards, show one, check board files.",
    discussion: """
      Boards come from the project, from plugins (--plugin-path, 'plugins' in tinysdk.yml, TINYSDK_PLUGIN_PATH),
      from ~/.tinysdk and from the SDK, in this order.
      """,
    subcommands: [ListBoardsCommand.self, ShowBoardCommand.self, LintBoardsCommand.self],
    defaultSubcommand: ListBoardsCommand.self)

  package init() {}
}

extension GlobalOptions {
  /// What is around the current folder, whether it is a project or not.
  package func surroundings() throws -> Surroundings {
    do {
      return try Workspace(folder: project, pluginPaths: pluginPaths).surroundings
    } catch is MissingProject {
      return try Surroundings(pluginPaths: pluginPaths)
    }
  }
}
