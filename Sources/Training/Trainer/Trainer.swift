/// Trains a model on a device: one sample a step, always with the same base rate, each epoch in the order that
/// `epochOrder` gives; evaluated on the held-out samples before the first step, after every epoch, and at
/// the end.
///
/// The same arguments give the same trainable state on every device.
/// - Parameters:
///   - device: in the state to start from; see `TrainerOptions.firstStep` for a run that is continued.
///   - progress: told after every few samples.
/// - Throws: `TrainerError`, `DatasetError`, what the device throws, `CancellationError`.
public func train(
  _ device: any TrainingDevice, on samples: SampleSet, heldOut: SampleSet, _ options: TrainerOptions,
  progress: @escaping (TrainingProgress) -> Void = { _ in }
) async throws -> TrainingRun {
  if samples.count == 0 { throw TrainerError.noSamples(part: "to train on") }
  if heldOut.count == 0 { throw TrainerError.noSamples(part: "held out to test with") }
  var trainer = Trainer(
    device: device, samples: samples, heldOut: heldOut, options: options, progress: progress)
  return try await trainer.run()
}

private struct Trainer {
  let device: any TrainingDevice
  let samples: SampleSet
  let heldOut: SampleSet
  let options: TrainerOptions
  let progress: (TrainingProgress) -> Void
  var chunk = ChunkSize()
  var history: [TrainingHistory.Entry] = []
  var cost: UInt64 = 0
  var best: (accuracy: Double, epoch: Int, state: [UInt8], replay: [UInt8])?

  init(
    device: any TrainingDevice, samples: SampleSet, heldOut: SampleSet, options: TrainerOptions,
    progress: @escaping (TrainingProgress) -> Void
  ) {
    self.device = device
    self.samples = samples
    self.heldOut = heldOut
    self.options = options
    self.progress = progress
  }

  mutating func run() async throws -> TrainingRun {
    let steps = options.range(count: samples.count)
    let before = try await evaluated(epoch: steps.lowerBound / samples.count)
    var after = before
    var position = steps.lowerBound
    while position < steps.upperBound {
      let epoch = position / samples.count
      let part = position..<min(steps.upperBound, (epoch + 1) * samples.count)
      let tally = try await train(part, epoch: epoch)
      after = try await evaluated(epoch: epoch + 1)
      try await record(epoch + 1, tally, after)
      position = part.upperBound
    }
    let (last, replay) = (try await device.readState(), try await device.readReplay())
    return TrainingRun(
      before: before, after: after, history: history, steps: steps.count, lastState: last,
      lastReplay: replay, bestState: best?.state ?? last, bestReplay: best?.replay ?? replay,
      bestEpoch: best?.epoch ?? 0,
      learning: try await device.learningStatus(), cost: cost, trainingTime: chunk.total)
  }

  private func evaluated(epoch: Int) async throws -> Evaluation {
    let total = heldOut.count
    return try await evaluate(device, on: heldOut) { evaluation in
      progress(
        TrainingProgress(
          phase: .evaluating(epoch: epoch), done: evaluation.count, total: total,
          accuracy: evaluation.accuracy))
    }
  }

  /// Trains some of an epoch's steps.
  private mutating func train(_ steps: Range<Int>, epoch: Int) async throws -> Tally {
    let order = epochOrder(count: samples.count, seed: options.seed, epoch: epoch)
    let start = epoch * samples.count
    var tally = Tally()
    var rest = steps
    while !rest.isEmpty {
      try Task.checkCancellation()
      let part = chunk.next(from: rest)
      let results = try await step(part.map { order[$0 - start] }, first: part.lowerBound)
      for (loss, isRight) in results { tally.add(loss: loss, isRight: isRight) }
      rest = part.upperBound..<rest.upperBound
      progress(
        TrainingProgress(
          phase: .training(epoch: epoch + 1), done: tally.count, total: steps.count, loss: tally.loss,
          accuracy: tally.accuracy))
    }
    return tally
  }

  /// Trains on samples by their positions. `first` counts the steps before.
  private mutating func step(_ positions: [Int], first: Int) async throws -> [(Float, Bool)] {
    let rate = options.rate
    let batch = try positions.map { position in
      let sample = try samples.sample(at: position)
      return TrainingSample(input: sample.input, label: sample.label, rate: rate)
    }
    let device = device
    let results: [TrainingStep]
    do {
      results = try await chunk.timed { try await device.train(batch) }
    } catch TrainingDeviceError.lossNotFinite(let loss, _, let index) {
      throw notFinite(loss, first + index, positions[index])
    }
    guard results.count == batch.count else {
      throw TrainerError.wrongAnswerCount(expected: batch.count, actual: results.count)
    }
    for (index, result) in results.enumerated() where !result.loss.isFinite && !device.model.guardsLearning {
      throw notFinite(result.loss, first + index, positions[index])
    }
    cost += results.reduce(0) { $0 + $1.cost }
    return zip(batch, results).map { ($1.loss, $0.label == $1.prediction) }
  }

  private func notFinite(_ loss: Float, _ step: Int, _ position: Int) -> TrainerError {
    .lossNotFinite(loss, step: step + 1, sample: samples.location(of: position), rate: options.rate)
  }

  private mutating func record(_ epoch: Int, _ tally: Tally, _ evaluation: Evaluation) async throws {
    let entry = TrainingHistory.Entry(
      epoch: epoch, loss: tally.loss, accuracy: evaluation.accuracy, samples: tally.count)
    history.append(entry)
    if best.map({ evaluation.accuracy > $0.accuracy }) ?? true {
      best = (evaluation.accuracy, epoch, try await device.readState(), try await device.readReplay())
    }
    progress(
      TrainingProgress(
        phase: .finished(entry), done: tally.count, total: tally.count, loss: tally.loss,
        accuracy: tally.accuracy))
  }
}

/// Losses and hits of one epoch.
private struct Tally {
  private(set) var count = 0
  private var finite = 0
  private var lossSum = 0.0
  private var right = 0

  /// A loss that is no finite number is one that the guard has undone.
  var loss: Double { finite == 0 ? 0 : lossSum / Double(finite) }
  var accuracy: Double { count == 0 ? 0 : Double(right) / Double(count) }

  mutating func add(loss: Float, isRight: Bool) {
    count += 1
    if loss.isFinite {
      finite += 1
      lossSum += Double(loss)
    }
    right += isRight ? 1 : 0
  }
}
