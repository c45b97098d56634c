import ArgumentParser
import Boards

package struct LintBoardsCommand: AsyncParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "lint", abstract: "Check a board, chip or core file, or a folder of them.")

  @OptionGroup package var global: GlobalOptions

  @Argument(help: "A file, a board's folder, or a folder with Boards, Chips and Cores.")
  package var path: String

  package init() {}

  private struct Result: Encodable {
    var problems: [ConfigurationProblem]
  }

  package mutating func run() async throws {
    let problems = try global.surroundings().boards.lint(path)
    let text =
      problems.isEmpty ? "no problems in \(path)" : problems.map(\.description).joined(separator: "\n")
    try global.print(Result(problems: problems), as: text)
    if !problems.isEmpty { throw ExitCode(CommandExit.failure.rawValue) }
  }
}
