import Foundation
import Synchronization
import Testing
import Training

/// 20 samples of one value, which is their number; the last 5 are held out. The class is the number modulo 3.
private func numbered() throws -> Dataset {
  let folder = try TemporaryFolder()
  let rows = (0..<20).map { "\($0),\($0 % 3)\n" }.joined()
  return try Dataset.load(folder.write("numbers.csv", rows), options: DatasetOptions(heldOut: .last(5)))
}

@Suite struct TrainerTests {
  private let data: Dataset

  init() throws { data = try numbered() }

  private func run(_ device: RecordingDevice, _ options: TrainerOptions) async throws -> TrainingRun {
    try await train(device, on: data.train, heldOut: data.heldOut, options)
  }

  @Test func eachEpochVisitsItsSamplesInItsOrder() async throws {
    let device = RecordingDevice()
    _ = try await run(device, TrainerOptions(epochs: 2, rate: 0.5, seed: 9))
    let expected = epochOrder(count: 15, seed: 9, epoch: 0) + epochOrder(count: 15, seed: 9, epoch: 1)
    #expect(await device.learned == expected)
    #expect(await device.labels == expected.map { $0 % 3 })
    #expect(await device.rates == Array(repeating: 0.5, count: 30))
  }

  @Test func theHistoryHasTheMeanLossAndTheHeldOutAccuracyOfEachEpoch() async throws {
    // Right on every third sample before the first epoch is over, afterwards on all.
    let device = RecordingDevice(
      loss: { Float($0) }, prediction: { steps, input in steps < 15 ? 0 : Int(input[0]) % 3 })
    let result = try await run(device, TrainerOptions(epochs: 2))
    #expect(result.before.total == [2, 2, 1])
    #expect(result.before.accuracy == 2.0 / 5)
    #expect(
      result.history == [
        .init(epoch: 1, loss: 7, accuracy: 1, samples: 15),
        .init(epoch: 2, loss: 22, accuracy: 1, samples: 15),
      ])
    #expect(result.after.accuracy == 1)
    #expect(await device.inferences == 15)
    #expect(result.steps == 30)
    #expect(result.lastState[0] == 30)
  }

  @Test func theEarliestBestEpochIsKept() async throws {
    let device = RecordingDevice(prediction: { steps, input in
      (15..<30).contains(steps) ? Int(input[0]) % 3 : 1
    })
    let result = try await run(device, TrainerOptions(epochs: 3))
    #expect(result.bestEpoch == 1)
    #expect(result.bestState[0] == 15)
    #expect(result.lastState[0] == 45)
    #expect(result.history.map(\.accuracy) == [1, 0.4, 0.4])
  }

  @Test func aNumberOfStepsEndsARunInsideAnEpoch() async throws {
    let device = RecordingDevice()
    let result = try await run(device, TrainerOptions(epochs: 2, steps: 18, seed: 1))
    #expect(await device.learned.count == 18)
    #expect(result.history.map(\.samples) == [15, 3])
    #expect(result.history.map(\.epoch) == [1, 2])
  }

  @Test func aContinuedRunSeesWhatAnUnbrokenOneWouldHaveSeen() async throws {
    let (whole, first, second) = (RecordingDevice(), RecordingDevice(), RecordingDevice())
    _ = try await run(whole, TrainerOptions(epochs: 3, steps: 40, seed: 4))
    _ = try await run(first, TrainerOptions(epochs: 3, steps: 19, seed: 4))
    _ = try await run(second, TrainerOptions(epochs: 3, steps: 21, seed: 4, firstStep: 19))
    #expect(await first.learned + second.learned == whole.learned)
  }

  @Test(arguments: [Float.nan, .infinity])
  func aLossThatIsNoNumberNamesTheStepAndTheSample(_ bad: Float) async throws {
    let device = RecordingDevice(loss: { $0 == 21 ? bad : 1 })
    let error = await #expect(throws: TrainerError.self) {
      try await run(device, TrainerOptions(epochs: 2, rate: 8, seed: 3))
    }
    let row = epochOrder(count: 15, seed: 3, epoch: 1)[6] + 1
    #expect(error?.description.contains("at step 22") == true)
    #expect(error?.description.contains("numbers.csv:\(row)") == true)
    #expect(error?.description.contains("learning rate 8.0") == true)
  }

  @Test func aDeviceThatNoticesABadLossIsTranslated() async throws {
    let device = RecordingDevice(beforeCall: { steps in
      if steps >= 4 { throw TrainingDeviceError.lossNotFinite(.infinity, rate: 1, sample: 2) }
    })
    let error = await #expect(throws: TrainerError.self) { try await run(device, TrainerOptions(rate: 1)) }
    #expect(error?.description.contains("the loss became inf at step 7") == true)
  }

  @Test func cancellingEndsTheRun() async throws {
    let (started, signal) = AsyncStream.makeStream(of: Void.self)
    let device = RecordingDevice(beforeCall: { steps in
      guard steps >= 4 else { return }
      signal.yield()
      try await Task.sleep(for: .seconds(3600))
    })
    let (samples, heldOut) = (data.train, data.heldOut)
    let task = Task { try await train(device, on: samples, heldOut: heldOut, TrainerOptions(epochs: 9)) }
    for await _ in started { break }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(await device.learned.count == 4)
  }

  @Test func progressReachesTheEndOfEveryPhase() async throws {
    let told = Mutex<[TrainingProgress]>([])
    _ = try await train(RecordingDevice(), on: data.train, heldOut: data.heldOut, TrainerOptions(epochs: 2)) {
      progress in
      told.withLock { $0.append(progress) }
    }
    let ends = told.withLock { $0.filter { $0.done == $0.total } }
    #expect(ends.map(\.total) == [5, 15, 5, 15, 15, 5, 15])
    #expect(ends[1].phase == .training(epoch: 1))
    #expect(ends[1].loss == 1)
    #expect(ends[2].phase == .evaluating(epoch: 1))
    #expect(ends[3].phase == .finished(.init(epoch: 1, loss: 1, accuracy: 0.4, samples: 15)))
  }

  @Test func withoutSamplesThereIsNoRun() async {
    await #expect(throws: TrainerError.noSamples(part: "to train on")) {
      try await train(RecordingDevice(), on: data.train.prefix(0), heldOut: data.heldOut, TrainerOptions())
    }
    await #expect(throws: TrainerError.noSamples(part: "held out to test with")) {
      try await train(RecordingDevice(), on: data.train, heldOut: data.heldOut.prefix(0), TrainerOptions())
    }
  }

  @Test func aSpreadTakesSamplesFromTheWholeSet() {
    let all = data.train
    #expect(
      (0..<5).map { all.spread(5).location(of: $0) } == stride(from: 0, to: 15, by: 3).map(all.location))
    #expect(all.spread(99).count == 15)
    #expect(all.spread(0).count == 0)
  }
}
