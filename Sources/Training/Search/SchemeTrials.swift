import Compiler
import Graph
import KernelBridge

/// Trains update schemes for a while, in the device's own arithmetic, to see what they are good for.
public struct SchemeTrials: Sendable {
  /// A scheme and how it went.
  public struct Outcome: Sendable, Equatable, Codable {
    public var scheme: UpdateScheme
    public var result: TrialResult
  }

  /// One training of one scheme.
  public struct Trial: Sendable, Equatable, Codable {
    public var scheme: UpdateScheme
    public var seed: UInt64
    public var epochs: Int
  }

  /// Makes the results of trials appear in the store, on other machines; told how many are there.
  public typealias Elsewhere =
    @Sendable (_ trials: [Trial], _ arrived: @escaping @Sendable () -> Int)
    async throws -> Void

  /// How far a list of trials is: trainings done, of how many, and how many of the done were stored already.
  public typealias Progress = @Sendable (_ done: Int, _ total: Int, _ stored: Int) -> Void

  private let plan: @Sendable (UpdateScheme) throws -> Plan
  private let kernels: KernelLibrary
  private var train: SampleSet
  private var validation: SampleSet
  private let store: TrialStore
  private var identity: String
  private let edges = EdgeStore()
  public private(set) var settings: TrialSettings
  private var elsewhere: Elsewhere?

  /// - Parameters:
  ///   - plan: compiles a scheme for the host.
  ///   - kernels: what such plans call.
  ///   - train: samples to learn from.
  ///   - validation: samples to test with, none of them in `train`.
  ///   - identity: names the model, its options and the samples: trials of another identity are others.
  public init(
    plan: @escaping @Sendable (UpdateScheme) throws -> Plan, kernels: KernelLibrary, train: SampleSet,
    validation: SampleSet, settings: TrialSettings, store: TrialStore, identity: String
  ) {
    self.plan = plan
    self.kernels = kernels
    self.train = train
    self.validation = validation
    self.settings = settings
    self.store = store
    self.identity = identity
  }

  /// The result of each scheme, in order: from the store, or trained now on as many cores as `jobs`. Schemes
  /// of equal content are trained once.
  /// - Throws: what compiling, the kernels and the trainer throw; `AtomicFile.Failure`.
  public func outcomes(
    of schemes: [UpdateScheme], jobs: Int, progress: @escaping Progress = { _, _, _ in }
  ) async throws -> [Outcome] {
    var (distinct, positions): ([UpdateScheme], [String: Int]) = ([], [:])
    for scheme in schemes where positions[scheme.canonicalText] == nil {
      positions[scheme.canonicalText] = distinct.count
      distinct.append(scheme)
    }
    let results = try await results(of: distinct.flatMap(trials), jobs: jobs, progress)
    return schemes.map { scheme in
      let first = (positions[scheme.canonicalText] ?? 0) * settings.seeds.count
      return Outcome(scheme: scheme, result: .mean(Array(results[first..<first + settings.seeds.count])))
    }
  }

  /// The same trials, trained for so many epochs.
  public func with(epochs: Int) -> SchemeTrials {
    var trials = self
    trials.settings.epochs = epochs
    return trials
  }

  /// The same trials on other samples of the same data.
  /// - Parameter identity: names them all, as in the initializer.
  public func on(_ train: SampleSet, validation: SampleSet, identity: String) -> SchemeTrials {
    var trials = self
    (trials.train, trials.validation, trials.identity) = (train, validation, identity)
    return trials
  }

  /// The same trials, trained elsewhere.
  public func running(_ elsewhere: @escaping Elsewhere) -> SchemeTrials {
    var trials = self
    trials.elsewhere = elsewhere
    return trials
  }

  /// Schemes whose results are not all in the store.
  public func pending(_ schemes: [UpdateScheme]) -> [UpdateScheme] {
    schemes.filter { scheme in trials(of: scheme).contains { store.result(key($0)) == nil } }
  }

  /// Trains what is not in the store.
  /// - Throws: as `outcomes`.
  public func train(_ trials: [Trial], jobs: Int) async throws {
    _ = try await results(of: trials, jobs: jobs) { _, _, _ in }
  }

  private func trials(of scheme: UpdateScheme) -> [Trial] {
    settings.seeds.map { Trial(scheme: scheme, seed: $0, epochs: settings.epochs) }
  }

  private func results(of trials: [Trial], jobs: Int, _ progress: @escaping Progress) async throws
    -> [TrialResult]
  {
    var results: [TrialResult?] = trials.map { store.result(key($0)) }
    let stored = results.count { $0 != nil }
    // Neighbours in this order share a frozen prefix.
    let waiting = results.indices.filter { results[$0] == nil }
      .sorted { depth(trials[$0].scheme) < depth(trials[$1].scheme) }
    var done = stored
    progress(done, trials.count, stored)
    if let elsewhere, !waiting.isEmpty {
      let wanted = waiting.map { trials[$0] }
      try await elsewhere(wanted) {
        let arrived = wanted.count { store.result(key($0)) != nil }
        progress(stored + arrived, trials.count, stored)
        return arrived
      }
      for position in waiting { results[position] = store.result(key(trials[position])) }
      let lost = waiting.count { results[$0] == nil }
      if lost > 0 { throw LostTrials(count: lost, of: waiting.count) }
      return results.compactMap { $0 }
    }
    try await withThrowingTaskGroup(of: (Int, TrialResult).self) { group in
      var next = waiting.makeIterator()
      func start(_ position: Int) {
        group.addTask { (position, try await run(trials[position])) }
      }
      for _ in 0..<max(1, jobs) { if let position = next.next() { start(position) } }
      while let (position, result) = try await group.next() {
        results[position] = result
        done += 1
        progress(done, trials.count, stored)
        if let position = next.next() { start(position) }
      }
    }
    return results.compactMap { $0 }
  }

  private func run(_ trial: Trial) async throws -> TrialResult {
    let plan = try plan(trial.scheme)
    let twin = try InterpretedTwin(plan, kernels: kernels, edges: edges.cache(for: plan))
    let options = TrainerOptions(epochs: trial.epochs, rate: settings.rate, seed: trial.seed)
    do {
      let run = try await Training.train(twin, on: train, heldOut: validation, options)
      let result = TrialResult(run)
      try store.keep(result, as: key(trial))
      return result
    } catch TrainerError.lossNotFinite {
      // A scheme that this rate is too much for is a bad scheme, not a failed search.
      let result = TrialResult(accuracy: 0, loss: .greatestFiniteMagnitude)
      try store.keep(result, as: key(trial))
      return result
    }
  }

  private func key(_ trial: Trial) -> String {
    let text =
      "\(identity) \(trial.scheme.canonicalText) \(trial.epochs) \(settings.rate.bitPattern) \(trial.seed)"
    return String(Digest.sha256(Array(text.utf8)).prefix(32))
  }

  /// The first layer that learns.
  private func depth(_ scheme: UpdateScheme) -> Int {
    scheme.biases.union(scheme.weights.keys).min() ?? .max
  }
}

/// Trainings that were to run elsewhere and left no result.
public struct LostTrials: Error, Equatable, CustomStringConvertible {
  public var count: Int
  public var of: Int

  public init(count: Int, of: Int) {
    self.count = count
    self.of = of
  }

  public var description: String {
    "\(count) of \(of) trials left no result; run the same command again: it goes on with those that are missing"
  }
}

extension UpdateScheme {
  /// What learns, without the name: equal texts, equal training.
  var canonicalText: String {
    let weights = self.weights.sorted { $0.key < $1.key }.map { layer, channels in
      switch channels {
      case .fraction(let share): "\(layer)=\(share)"
      case .list(let list): "\(layer)=\(list.sorted())"
      }
    }
    return "biases \(biases.sorted()) weights \(weights)"
  }
}
