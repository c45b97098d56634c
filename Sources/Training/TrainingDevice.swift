/// Something that holds one compiled model and trains it: an image in the emulator, a board, or the host
/// twin.
///
/// Calls are carried out in the order in which they are made. All of them check what they are given and throw
/// `TrainingDeviceError` before anything is sent; what fails on the way throws `LinkError`.
public protocol TrainingDevice: Sendable {
  /// Sizes and build hash of the model.
  var model: ModelInterface { get }

  /// One SGD step on one sample.
  ///
  /// - Parameter input: `model.inputBytes` values, channel by channel (CHW).
  func train(_ input: [Int8], label: Int, rate: Float) async throws -> TrainingStep

  /// One SGD step on each sample, in order, as `train(_:label:rate:)`; faster than single calls where samples
  /// travel.
  func train(_ samples: [TrainingSample]) async throws -> [TrainingStep]

  /// Predicted class and outputs of one sample. The trainable state stays as it is.
  func infer(_ input: [Int8]) async throws -> Inference

  /// As `infer(_:)` for each input, in order; faster than single calls where samples travel.
  func infer(_ inputs: [[Int8]]) async throws -> [Inference]

  /// As `infer(_:)` for each sample, and the device counts which class it was taken for, where the model
  /// evaluates.
  func evaluate(_ samples: [Sample]) async throws -> [Inference]

  /// What has been counted since the start, a reset, or `resetEvaluation()`; nothing where the model does not
  /// evaluate.
  func evaluation() async throws -> Evaluation

  /// Forgets all counts.
  func resetEvaluation() async throws

  /// The window over the last training steps, and what the guard did.
  func learningStatus() async throws -> LearningStatus

  /// The whole trainable state, `model.stateBytes` bytes, canonical layout, little-endian.
  func readState() async throws -> [UInt8]

  /// Replaces the whole trainable state.
  func writeState(_ state: [UInt8]) async throws

  /// The samples kept to learn from again, with what chooses among them: `model.replayBytes` bytes, as
  /// `model_replay_read` gives them; empty where the model keeps none.
  func readReplay() async throws -> [UInt8]

  /// Replaces all of it.
  func writeReplay(_ memory: [UInt8]) async throws

  /// Sets the trainable state back to what the image was built with.
  func reset() async throws

  /// Cost of every operator so far; empty when the model was not built for profiling.
  func profile() async throws -> [OperatorCost]

  /// Forgets all operator costs.
  func clearProfile() async throws

  /// Use of the stack; nil where it is not measured (the host twin).
  func stack() async throws -> StackUse?

  /// Ends the program on the device and returns its exit code. No call may follow.
  @discardableResult func quit() async throws -> Int32
}

extension TrainingDevice {
  public func evaluate(_ samples: [Sample]) async throws -> [Inference] {
    for sample in samples { try model.check(sample) }
    return try await infer(samples.map(\.input))
  }

  public func evaluation() async throws -> Evaluation { Evaluation(classes: model.classes) }

  public func resetEvaluation() async throws {}

  public func readReplay() async throws -> [UInt8] { [] }

  public func writeReplay(_ memory: [UInt8]) async throws { try model.check(replay: memory) }

  public func learningStatus() async throws -> LearningStatus { LearningStatus() }
}

/// One sample to learn.
public struct TrainingSample: Sendable, Equatable {
  /// Values channel by channel (CHW).
  public var input: [Int8]
  public var label: Int
  public var rate: Float

  public init(input: [Int8], label: Int, rate: Float) {
    self.input = input
    self.label = label
    self.rate = rate
  }
}

/// What one training step reported.
public struct TrainingStep: Sendable, Equatable {
  /// Loss before the step.
  public var loss: Float
  /// Class predicted before the step.
  public var prediction: Int
  /// Instructions or timer ticks the device spent on the sample; 0 unless measured.
  public var cost: UInt64

  public init(loss: Float, prediction: Int, cost: UInt64 = 0) {
    self.loss = loss
    self.prediction = prediction
    self.cost = cost
  }
}

/// What one inference reported.
public struct Inference: Sendable, Equatable {
  public var prediction: Int
  /// One value for each class, as the model gives them.
  public var outputs: [Float]
  /// Instructions or timer ticks the device spent on the sample; 0 unless measured.
  public var cost: UInt64

  public init(prediction: Int, outputs: [Float], cost: UInt64 = 0) {
    self.prediction = prediction
    self.outputs = outputs
    self.cost = cost
  }
}

/// What one operator cost, summed over its calls.
public struct OperatorCost: Sendable, Equatable {
  /// Instructions or timer ticks.
  public var cost: UInt64
  public var calls: Int

  public init(cost: UInt64, calls: Int) {
    self.cost = cost
    self.calls = calls
  }
}

/// Use of the device's stack, in bytes.
public struct StackUse: Sendable, Equatable {
  /// Most that was used since reset.
  public var used: Int
  /// All there is.
  public var size: Int

  public init(used: Int, size: Int) {
    self.used = used
    self.size = size
  }
}
