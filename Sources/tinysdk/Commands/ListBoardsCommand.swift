import ArgumentParser
import Boards

package struct ListBoardsCommand: AsyncParsableCommand {
  package static let configuration = CommandConfiguration(commandName: "list", abstract: "List all boards.")

  @OptionGroup package var global: GlobalOptions

  package init() {}

  package mutating func run() async throws {
    let catalog = try global.surroundings().boards
    let result = BoardList(catalog)
    try global.print(result, as: result.text)
  }
}

/// All boards of a catalog, and the files of those that cannot be read.
package struct BoardList: Codable, Equatable, Sendable {
  package struct Entry: Codable, Equatable, Sendable {
    package var name: String
    package var title: String
    package var core: String
    /// Bytes.
    package var flash: Int
    package var ram: Int
    /// `host`, `emulator` or `probe`.
    package var runs: String
    /// `project`, `plugin`, `user` or `built-in`.
    package var source: String
  }

  package var boards: [Entry] = []
  package var problems: [ConfigurationProblem] = []

  package init(_ catalog: BoardCatalog) {
    for name in catalog.names {
      do {
        let board = try catalog.board(named: name)
        let source = catalog.entry(.board, named: name)?.source.kind.rawValue ?? ""
        boards.append(Entry(board, source: source))
      } catch {
        problems += (error as? ConfigurationError)?.problems ?? []
      }
    }
  }

  package var text: String {
    let rows = boards.map {
      [
        $0.name, $0.core, $0.flash == 0 ? "" : kibibytes($0.flash), $0.ram == 0 ? "" : kibibytes($0.ram),
        $0.runs,
        $0.source, $0.title,
      ]
    }
    let table = textTable(["board", "core", "flash", "ram", "runs on", "from", "title"], rows)
    return ([table] + problems.map { "warning: \($0)" }).joined(separator: "\n")
  }
}

extension BoardList.Entry {
  fileprivate init(_ board: Board, source: String) {
    name = board.name
    title = board.title
    core = board.core.name
    flash = board.regions.filter { !$0.isWritable }.reduce(0) { $0 + $1.length }
    ram = board.ramRegions.reduce(0) { $0 + $1.length }
    runs = board.run.name
    self.source = source
  }
}

extension RunMethod {
  /// `host`, `emulator` or `probe`.
  package var name: String {
    switch self {
    case .host: "host"
    case .emulator: "emulator"
    case .probe: "probe"
    }
  }
}

/// `320 KiB`.
package func kibibytes(_ bytes: Int) -> String {
  bytes % 1024 == 0 ? "\(bytes / 1024) KiB" : "\(bytes) B"
}
