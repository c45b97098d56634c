import ArgumentParser
import Foundation

/// What a command line says about trying schemes.
package struct TrialOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Samples to learn from, instead of the project's.", valueName: "path"))
  package var data: String?

  @Option(help: "Passes over the training samples in a trial.")
  package var epochs = 1

  @Option(help: "The learning rate of one step, instead of the project's.")
  package var rate: Double?

  @Option(help: ArgumentHelp("Seeds whose results are averaged, e.g. 1,2,3.", valueName: "a,b,…"))
  package var seeds = "1"

  @Option(
    help: ArgumentHelp("Learn from at most that many samples, evenly spread.", valueName: "count"))
  package var samples: Int?

  @Option(help: "Trainings at a time, instead of one for each core.")
  package var jobs: Int?

  @Flag(help: "Run the trials as an array job of Slurm, in this folder, which its nodes must share.")
  package var slurm = false

  @Option(help: ArgumentHelp("Tasks of the array job, at most.", valueName: "count"))
  package var slurmTasks = 32

  package init() {}

  package func validate() throws {
    for (name, value) in [
      ("--epochs", epochs), ("--samples", samples ?? 1), ("--jobs", jobs ?? 1), ("--slurm-tasks", slurmTasks),
    ]
    where value < 1 {
      throw ValidationError("\(name): \(value) is not 1 or more")
    }
    if let rate, !(rate.isFinite && rate > 0) {
      throw ValidationError("--rate: \(rate) is not a learning rate above 0")
    }
    if seedList == nil { throw ValidationError("--seeds: '\(seeds)' is no list of numbers such as 1,2,3") }
  }

  package var workers: Int { jobs ?? ProcessInfo.processInfo.activeProcessorCount }

  /// The options as a value.
  package var request: TrialRequest {
    TrialRequest(
      data: data, epochs: epochs, rate: rate, seeds: seedList ?? [1], samples: samples,
      slurmTasks: slurm ? slurmTasks : nil)
  }

  private var seedList: [UInt64]? {
    let parts = seeds.split(separator: ",").map { UInt64($0.trimmingCharacters(in: .whitespaces)) }
    let numbers = parts.compactMap { $0 }
    return numbers.isEmpty || numbers.count != parts.count ? nil : numbers
  }
}
