import ArgumentParser
import Project
import Training

/// What a command line may say differently from the project about training.
package struct TrainingSettings: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Samples to train on, instead of the project's: a folder of pictures, .csv, .npz, .npy or idx files.",
      valueName: "path"))
  package var data: String?

  @Option(help: "Passes over the training samples.")
  package var epochs: Int?

  @Option(help: "End after that many steps, wherever in an epoch that is.")
  package var steps: Int?

  @Option(help: "The learning rate of one step.")
  package var rate: Double?

  @Option(name: .customLong("lr256"), help: "The learning rate of a batch of 256; a step takes 1/256 of it.")
  package var rate256: Double?

  @Option(help: "Decides the order of the samples.")
  package var seed: UInt64?

  @Option(
    help: ArgumentHelp("Test with at most that many held-out samples, evenly spread.", valueName: "count"))
  package var heldOut: Int?

  package init() {}

  package func validate() throws {
    for (name, value) in [("--epochs", epochs), ("--steps", steps), ("--held-out", heldOut)] {
      if let value, value < 1 { throw ValidationError("\(name): \(value) is not 1 or more") }
    }
    for (name, value) in [("--rate", rate), ("--lr256", rate256)] {
      if let value, !(value.isFinite && value >= 0) {
        throw ValidationError("\(name): \(value) is not a learning rate: a finite number, 0 or more")
      }
    }
    if rate != nil && rate256 != nil { throw ValidationError("--rate and --lr256 exclude each other") }
  }

  /// An optimizer with what the command line says about its rate.
  package func optimizer(_ optimizer: OptimizerSettings) -> OptimizerSettings {
    var optimizer = optimizer
    if let rate { optimizer.rate = .perStep(rate) }
    if let rate256 { optimizer.rate = .per256(rate256) }
    return optimizer
  }
}
