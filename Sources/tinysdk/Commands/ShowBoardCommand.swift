import ArgumentParser
import Boards

package struct ShowBoardCommand: AsyncParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show a board as its files, resolved, describe it.")

  @OptionGroup package var global: GlobalOptions

  @Argument(help: "The board's name.")
  package var name: String

  package init() {}

  package mutating func run() async throws {
    let catalog = try global.surroundings().boards
    let board = try catalog.board(named: name)
    try global.print(board, as: Self.text(board, file: catalog.entry(.board, named: name)?.file ?? ""))
  }

  /// The flash that a program writes itself.
  private static func pages(_ board: Board) -> String {
    guard let controller = board.flashController, let flash = board.writableFlash?.flash else { return "" }
    let limit = flash.endurance.map { ", \($0) erase cycles" } ?? ""
    return "\(kibibytes(flash.eraseSector ?? 0)) each of '\(controller.region)', written by "
      + "\(controller.driver.rawValue) at \(hexadecimal(controller.base))\(limit)"
  }

  private static func text(_ board: Board, file: String) -> String {
    let regions = board.regions.map {
      [
        $0.name, $0.kind.rawValue, hexadecimal($0.origin), kibibytes($0.length),
        $0.attributes.map(\.rawValue).joined(separator: " "),
      ]
    }
    var facts = [
      ("board", "\(board.name): \(board.title)"), ("file", file), ("chip", board.chip ?? ""),
      ("core", "\(board.core.name) (\(board.core.target))"),
      ("kernels", board.core.backends.joined(separator: ", ")), ("runs on", board.run.name),
      ("samples", board.transports.map(\.name).joined(separator: ", ")),
      ("guard", board.memoryGuard == .none ? "" : board.memoryGuard.rawValue),
      ("clock", board.clock.map { "at most \($0 / 1_000_000) MHz" } ?? ""),
      ("pages", Self.pages(board)),
      ("stack", board.isHost ? "" : "\(board.stackBytes) bytes"),
    ]
    if case .probe(let probes) = board.run { facts += probes.map { ("flash", $0.command) } }
    let lines = facts.filter { !$0.1.isEmpty }.map { $0.0.padding(to: 9) + $0.1 }
    let table = regions.isEmpty ? [] : ["", textTable(["region", "kind", "origin", "length", ""], regions)]
    return (lines + table).joined(separator: "\n")
  }
}
