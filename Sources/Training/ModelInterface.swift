/// What host and device must agree on before the first sample: the sizes and the build hash of one compiled
/// model.
public struct ModelInterface: Sendable, Equatable {
  /// Bytes of one input sample.
  public var inputBytes: Int
  public var classes: Int
  /// Bytes of the trainable state in its canonical layout.
  public var stateBytes: Int
  /// 16 bytes that name the build.
  public var buildHash: [UInt8]
  /// Bytes of a sample behind the layers that never learn; 0 where the first layer learns.
  public var edgeBytes: Int
  /// Bytes of the memory of samples to learn from again, and of what chooses among them; 0 without any.
  public var replayBytes: Int
  /// The image counts evaluated samples.
  public var evaluates: Bool
  /// The image brings its last good state back; a loss that is no finite number is then no reason to stop.
  public var guardsLearning: Bool

  public static let buildHashBytes = 16

  public init(
    inputBytes: Int, classes: Int, stateBytes: Int, buildHash: [UInt8], edgeBytes: Int = 0,
    replayBytes: Int = 0, evaluates: Bool = false, guardsLearning: Bool = false
  ) {
    self.inputBytes = inputBytes
    self.classes = classes
    self.stateBytes = stateBytes
    self.buildHash = buildHash
    self.edgeBytes = edgeBytes
    self.replayBytes = replayBytes
    self.evaluates = evaluates
    self.guardsLearning = guardsLearning
  }

  /// - Throws: `TrainingDeviceError.wrongInputSize`.
  func check(input: [Int8]) throws(TrainingDeviceError) {
    guard input.count == inputBytes else {
      throw .wrongInputSize(expected: inputBytes, actual: input.count)
    }
  }

  /// - Throws: `TrainingDeviceError` for the first thing wrong with a sample.
  func check(_ sample: Sample) throws(TrainingDeviceError) {
    try check(input: sample.input)
    guard (0..<classes).contains(sample.label) else {
      throw .labelOutOfRange(label: sample.label, classes: classes)
    }
  }

  /// - Throws: `TrainingDeviceError` for the first thing wrong with a sample.
  func check(_ sample: TrainingSample) throws(TrainingDeviceError) {
    try check(Sample(input: sample.input, label: sample.label))
    guard sample.rate.isFinite else { throw .rateNotFinite(sample.rate) }
  }

  /// - Throws: `TrainingDeviceError.wrongStateSize`.
  func check(state: [UInt8]) throws(TrainingDeviceError) {
    guard state.count == stateBytes else {
      throw .wrongStateSize(expected: stateBytes, actual: state.count)
    }
  }

  /// - Throws: `TrainingDeviceError.wrongReplaySize`.
  func check(replay: [UInt8]) throws(TrainingDeviceError) {
    guard replay.count == replayBytes else {
      throw .wrongReplaySize(expected: replayBytes, actual: replay.count)
    }
  }

  /// - Throws: `TrainingDeviceError.lossNotFinite`, for a step that went wrong on the device.
  func check(_ step: TrainingStep, rate: Float, sample: Int) throws(TrainingDeviceError) {
    guard step.loss.isFinite || guardsLearning else {
      throw .lossNotFinite(step.loss, rate: rate, sample: sample)
    }
  }
}
