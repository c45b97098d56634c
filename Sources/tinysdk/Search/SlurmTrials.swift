import Foundation
import ImageBuild
import Training

/// What the tasks of an array job are to train: a file that they and who submitted them share.
package struct TrialList: Codable, Sendable {
  var project: String
  var pluginPaths: [String]
  var settings: BuildSettings
  var trial: TrialRequest
  var samples: TrialSamples
  var tasks = 1
  var trials: [SchemeTrials.Trial] = []

  /// The trials of one task: every `tasks`th.
  func share(of task: Int) -> [SchemeTrials.Trial] {
    trials.indices.filter { $0 % tasks == task }.map { trials[$0] }
  }
}

/// Trains trials as an array job of Slurm: each task takes its share of a list, the results meet in the store.
struct SlurmTrials: Sendable {
  var list: TrialList
  /// At most so many tasks.
  var largestCount: Int
  var folder: String
  var tools: ToolLocator

  func run(_ trials: [SchemeTrials.Trial], arrived: @escaping @Sendable () -> Int) async throws {
    var list = list
    list.tasks = min(largestCount, trials.count)
    list.trials = trials
    let folder = "\(folder)/\(UUID().uuidString.prefix(8))"
    let file = "\(folder)/trials.json"
    try AtomicFile.write(try JSONEncoder().encode(list), to: file)
    let tool = CommandLine.arguments[0]
    let program = tool.contains("/") ? absolutePath(tool) : tool
    let array = SlurmArray(
      name: "tinysdk-trials", count: list.tasks,
      command: [program, "trial", "--list", absolutePath(file), "--task", "%a"], folder: absolutePath(folder))
    try await array.run(tools: tools) { arrived() >= trials.count }
    if arrived() >= trials.count { try? FileManager.default.removeItem(atPath: folder) }
  }
}

/// A path that means the same from another folder.
func absolutePath(_ path: String) -> String { URL(filePath: path).standardizedFileURL.path }
