/// What a training image counts of its own learning.
public struct EvaluationOptions: Sendable, Equatable, Codable {
  /// Training steps that the sliding window of loss and hits looks back, 1 or more.
  public var window: Int

  public init(window: Int = 64) {
    self.window = window
  }
}

/// When a training image goes back to its last good state.
public struct GuardOptions: Sendable, Equatable, Codable {
  /// What is compared between windows.
  public enum Measure: String, Sendable, Codable, CaseIterable {
    /// The mean loss of the steps.
    case loss
    /// The share of the steps that predicted another class than the label's, 0 ... 1.
    case wrong
  }

  public var measure: Measure
  /// Training steps in a window, 1 or more.
  public var window: Int
  /// A window worse than the good one by more than this, in the measure's unit, brings the good state back.
  public var worse: Double
  /// A window better than the good one by this much is the new good one. Between the two nothing happens.
  public var better: Double

  /// Thresholds lie on the device in units of 2^-16, in 31 bits.
  public static let largestThreshold = 32767.0

  public init(measure: Measure = .loss, window: Int = 64, worse: Double = 0.5, better: Double = 0.1) {
    self.measure = measure
    self.window = window
    self.worse = worse
    self.better = better
  }

  /// A threshold in units of 2^-16, as `tinysdk_guard_args` has it.
  static func fixed(_ threshold: Double) -> Int {
    Int((min(max(threshold, 0), largestThreshold) * 65536).rounded())
  }
}

/// Which samples a training image keeps behind its frozen layers, to learn from again.
public struct ReplayOptions: Sendable, Equatable, Codable {
  /// Where a device keeps the samples; the host keeps them as a plain array.
  public enum Memory: String, Sendable, Codable, CaseIterable {
    case sram
    /// Flash that the program writes itself.
    case flash
  }

  /// Samples that are kept, 1 ... 65535.
  public var samples: Int
  /// Replayed samples in each training step, beside its new one, 0 or more.
  public var ratio: Int
  public var memory: Memory

  public static let mostSamples = 65535

  public init(samples: Int, ratio: Int = 1, memory: Memory = .sram) {
    self.samples = samples
    self.ratio = ratio
    self.memory = memory
  }

  /// Draws, classes and labels, as `struct replay` in model.c has them.
  func choiceBytes(classes: Int) -> Int { 16 + classes * 16 + (samples * 2 + 3) / 4 * 4 }

  /// A plan saved before there was a choice kept its samples in RAM.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      samples: try values.decode(Int.self, forKey: .samples),
      ratio: try values.decode(Int.self, forKey: .ratio),
      memory: try values.decodeIfPresent(Memory.self, forKey: .memory) ?? .sram)
  }
}

extension Plan {
  /// Bytes of counters, windows, labels, and of the flash page that is being rewritten.
  public var learningBytes: Int {
    guard options.purpose == .training else { return 0 }
    let classes = classCount
    let evaluation = options.evaluation.map { classes * classes * 4 + windowBytes($0.window) } ?? 0
    let replay = options.replay.map { $0.choiceBytes(classes: classes) } ?? 0
    let page = replayPages?.bufferBytes ?? 0
    return evaluation + replay + page + (options.learningGuard.map { 32 + windowBytes($0.window) } ?? 0)
  }

  /// Bytes of the samples kept to learn from again, in flash whole pages; 0 without replay.
  public var replayBytes: Int {
    guard options.purpose == .training, let replay = options.replay, let prefix = frozenPrefix else {
      return 0
    }
    return replayPages?.bytes ?? replay.samples * prefix.edgeBytes
  }

  /// Bytes of the replay memory as a host reads and writes it, `model_replay_read` and `_write`: what chooses
  /// among the samples, then every slot; 0 without replay.
  public var replayMemoryBytes: Int {
    guard options.purpose == .training, let replay = options.replay, let prefix = frozenPrefix else {
      return 0
    }
    return replay.choiceBytes(classes: classCount) + replay.samples * prefix.edgeBytes
  }

  /// Of `replayBytes`, those in RAM.
  public var replayRAMBytes: Int { replayPages == nil ? replayBytes : 0 }

  /// - Throws: `CompilerError.nothingToReplay` where replay is asked for and the first layer learns.
  func checkReplay() throws {
    guard options.purpose == .training, options.replay != nil, frozenPrefix == nil else { return }
    switch options.update {
    case .named(let name): throw CompilerError.nothingToReplay(update: name)
    case .scheme(let scheme): throw CompilerError.nothingToReplay(update: scheme.name)
    }
  }

  /// Bytes of the last good copy of the trainable state; 0 without a guard.
  public var guardCopyBytes: Int {
    options.purpose == .training && options.learningGuard != nil ? (alignedStateBytes + 15) / 16 * 16 : 0
  }

  /// Kernels that the program calls outside its steps.
  public var learningKernels: [String] {
    guard options.purpose == .training else { return [] }
    return (options.evaluation == nil ? [] : ["tinysdk_count_confusion", "tinysdk_window_push"])
      + (options.learningGuard == nil
        ? [] : ["tinysdk_guard_begin", "tinysdk_guard_end", "tinysdk_window_push"])
      + (options.replay == nil ? [] : ["tinysdk_replay_place", "tinysdk_replay_draw"])
  }

  private var classCount: Int {
    graph.outputs.first.flatMap { try? graph.tensor($0).count } ?? 0
  }
}

/// As `tinysdk_window` and its entries.
private func windowBytes(_ steps: Int) -> Int { 24 + 4 * steps }
