import ArgumentParser
import Foundation
import Training

/// One task of an array job; not for people.
package struct TrialCommand: AsyncParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "trial", abstract: "Train one task's share of a list of trials.", shouldDisplay: false)

  @Option(help: "The list.")
  package var list: String

  @Option(help: "The task's number, from 0.")
  package var task: Int

  package init() {}

  package mutating func run() async throws {
    let list = try JSONDecoder().decode(TrialList.self, from: contents(of: list))
    let workspace = try Workspace(folder: list.project, pluginPaths: list.pluginPaths)
    let bench = try await SchemeWorkbench(
      workspace, list.settings, list.trial, console: Console(level: .quiet))
    try await bench.trials(on: list.samples).train(list.share(of: task), jobs: 1)
  }
}
