import ArgumentParser
import Foundation
import Project

package struct CleanCommand: AsyncParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "clean", abstract: "Remove what builds have made: the project's folder 'build'.")

  @OptionGroup package var global: GlobalOptions

  package init() {}

  package mutating func run() async throws {
    // Reading the project first keeps the command away from folders that are none.
    _ = try Project(folder: global.project)
    let folder = "\(global.project)/build"
    guard FileManager.default.fileExists(atPath: folder) else {
      global.console.note("nothing to remove")
      return
    }
    do {
      try FileManager.default.removeItem(atPath: folder)
    } catch {
      throw FileError(action: "remove", path: folder, reason: reason(error))
    }
    global.console.note("removed \(folder)")
  }
}
