import Project
import Training

/// How schemes are to be tried.
package struct TrialRequest: Sendable, Equatable, Codable {
  /// Instead of the project's data.
  package var data: String?
  package var epochs: Int
  /// Of one step; nil takes the project's.
  package var rate: Double?
  package var seeds: [UInt64]
  /// At most so many training samples.
  package var samples: Int?
  /// Trials run as an array job of at most so many tasks; nil runs them here.
  package var slurmTasks: Int?

  package init(
    data: String? = nil, epochs: Int = 1, rate: Double? = nil, seeds: [UInt64] = [1], samples: Int? = nil,
    slurmTasks: Int? = nil
  ) {
    self.data = data
    self.epochs = epochs
    self.rate = rate
    self.seeds = seeds
    self.samples = samples
    self.slurmTasks = slurmTasks
  }

  func settings(_ project: Project) -> TrialSettings {
    TrialSettings(
      epochs: epochs, rate: rate.map { Float($0) } ?? project.optimizer.learningRate, seeds: seeds)
  }
}
