import Compiler
import Foundation
import Project
import Training

/// One run of training: everything it needs, and what becomes of it.
package struct TrainingJob: Sendable {
  package struct Outcome: Sendable {
    package var run: TrainingRun
    var elapsed: Duration
  }

  package let built: BuiltProject
  package let data: Dataset
  package let heldOut: SampleSet
  package let options: TrainerOptions
  /// The state to start from; nil for the image's own.
  package let start: TrainedState?

  /// - Parameters:
  ///   - steps: ends the run after so many, whatever the optimizer says about epochs.
  ///   - seed: nil takes that of the state to resume from, else the optimizer's.
  /// - Throws: `TrainedStateError` for a state to resume from that is damaged or belongs to another model.
  package init(
    _ built: BuiltProject, data: Dataset, optimizer: OptimizerSettings, steps: Int? = nil,
    seed: UInt64? = nil, heldOutLimit: Int? = nil, resume: String? = nil
  ) throws {
    start = try resume.map { path in
      let state = try TrainedState(contentsOf: path)
      try state.check(fits: built.plan, path: path)
      return state
    }
    self.built = built
    self.data = data
    heldOut = heldOutLimit.map(data.heldOut.spread) ?? data.heldOut
    // A number of steps alone may go beyond one epoch.
    let epochs = steps.map { ($0 + data.train.count - 1) / max(1, data.train.count) } ?? optimizer.epochs
    options = TrainerOptions(
      epochs: max(epochs, 1), steps: steps, rate: optimizer.learningRate,
      seed: seed ?? start?.description.seed ?? optimizer.seed, firstStep: start?.description.steps ?? 0)
  }

  /// Trains on the device, or the host twin.
  /// - Parameter measuring: count the instructions of the steps, where the board can.
  /// - Throws: what the trainer and the link throw.
  package func run(transport: String?, measuring: Bool = false, console: Console) async throws -> Outcome {
    console.note(introduction)
    if let warning = scheduleWarning { console.note(warning) }
    if let start, built.plan.replayBytes > 0, !start.keepsSamples(for: built.plan) {
      console.note("the state to go on from keeps no samples of this 'replay'; it starts without any")
    }
    let clock = ContinuousClock.now
    let run = try await withDevice(
      built, transport: transport, measuring: measuring, console: console
    ) { device in
      if let start { try await device.writeState(start.bytes) }
      if let start, start.keepsSamples(for: built.plan) { try await device.writeReplay(start.replay) }
      let narrator = TrainingNarrator(console: console)
      return try await train(device, on: data.train, heldOut: heldOut, options, progress: narrator.tell)
    }
    console.progress("")
    return Outcome(run: run, elapsed: clock.duration(to: .now))
  }

  private var introduction: String {
    let steps = options.steps.map { "\($0) steps" } ?? "\(options.epochs) epochs"
    let resumed = start.map { ", going on after step \($0.description.steps)" } ?? ""
    let optimizer = built.plan.options.optimizer
    return
      "training '\(built.plan.options.update.name)' on \(built.board.name): \(data.train.count) samples, "
      + "\(heldOut.count) held out, \(steps), learning rate \(options.rate), \(optimizer), seed \(options.seed)\(resumed)"
  }

  /// Said where the run goes beyond the end of its schedule.
  private var scheduleWarning: String? {
    guard case .cosine(let end) = built.plan.options.optimizer.schedule else { return nil }
    let whole = options.epochs * data.train.count
    let last = options.firstStep + min(options.steps ?? whole, whole)
    guard last > end else { return nil }
    return
      "the cosine schedule ends at step \(end), this run at step \(last): what lies between learns nothing; "
      + "for a longer one write 'steps: \(last)' under 'optimizer' in tinysdk.yml before the first step"
  }

  /// Writes the states, the history and its curve.
  /// - Throws: `AtomicFile.Failure`.
  package func keep(_ outcome: Outcome, save: String?, historyFolder: String, model: String) throws
    -> TrainReport
  {
    let run = outcome.run
    let last = state(
      run.lastState, run.lastReplay, steps: options.firstStep + run.steps, accuracy: run.after.accuracy)
    let kept = save ?? "\(built.folder)/trained.tinystate"
    for path in Set([kept, "\(built.folder)/trained.tinystate"]) { try last.write(to: path) }
    if run.bestEpoch > 0 {
      let accuracy = run.history.first { $0.epoch == run.bestEpoch }?.accuracy
      let steps = min(run.bestEpoch * data.train.count, options.firstStep + run.steps)
      try state(run.bestState, run.bestReplay, steps: steps, accuracy: accuracy)
        .write(to: "\(built.folder)/best.tinystate")
    }
    let summary = summary(outcome, model: model)
    let history = TrainingHistory(accuracyBefore: run.before.accuracy, entries: run.history)
    let (table, curve) = ("\(historyFolder)/history.csv", "\(historyFolder)/history.svg")
    try AtomicFile.write(history.csv, to: table)
    try AtomicFile.write(TrainingCurve(history, title: "\(model) on \(built.board.name)").svg, to: curve)
    return TrainReport(
      summary: summary, steps: run.steps, bestEpoch: run.bestEpoch, classAccuracy: classAccuracy(run),
      confusion: run.after.rows, learning: run.learning,
      isGuarded: built.plan.options.learningGuard != nil,
      cost: run.cost == 0 ? nil : .init(instructions: run.cost, clock: built.board.clock),
      stateFile: kept, historyFile: table, curveFile: curve)
  }

  private func state(_ bytes: [UInt8], _ replay: [UInt8], steps: Int, accuracy: Double?) -> TrainedState {
    TrainedState(
      bytes, of: built.plan, steps: steps, seed: options.seed, accuracy: accuracy, replay: replay)
  }

  private func summary(_ outcome: Outcome, model: String) -> TrainingSummary {
    let run = outcome.run
    return TrainingSummary(
      model: model, board: built.board.name, update: built.plan.options.update.name, classes: data.classNames,
      learningRate: Double(options.rate), seed: options.seed, samples: data.train.count,
      heldOutSamples: heldOut.count, accuracyBefore: run.before.accuracy, accuracyAfter: run.after.accuracy,
      history: run.history, imagesPerSecond: run.stepsPerSecond,
      elapsedSeconds: outcome.elapsed / .seconds(1),
      stateHash: stateHash(run.lastState))
  }

  private func classAccuracy(_ run: TrainingRun) -> [TrainReport.ClassAccuracy] {
    data.classNames.enumerated().filter { run.after.total.indices.contains($0.offset) }.map { index, name in
      TrainReport.ClassAccuracy(
        name: name, samples: run.after.total[index], before: run.before.share(of: [index]),
        after: run.after.share(of: [index]))
    }
  }
}
