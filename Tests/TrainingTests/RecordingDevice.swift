import Training

/// A training device without a model: it remembers what it is asked, and answers as it is told.
actor RecordingDevice: TrainingDevice {
  nonisolated let model: ModelInterface
  /// The first value of every sample that was learned, in order.
  private(set) var learned: [Int] = []
  private(set) var labels: [Int] = []
  private(set) var rates: [Float] = []
  private(set) var inferences = 0
  /// Called with the number of steps before.
  private let loss: @Sendable (Int) -> Float
  private let prediction: @Sendable (_ steps: Int, _ input: [Int8]) -> Int
  private let beforeCall: @Sendable (Int) async throws -> Void

  init(
    inputBytes: Int = 1, classes: Int = 3, loss: @escaping @Sendable (Int) -> Float = { _ in 1 },
    prediction: @escaping @Sendable (_ steps: Int, _ input: [Int8]) -> Int = { _, _ in 0 },
    beforeCall: @escaping @Sendable (Int) async throws -> Void = { _ in }
  ) {
    model = ModelInterface(
      inputBytes: inputBytes, classes: classes, stateBytes: 8, buildHash: Array(repeating: 7, count: 16))
    self.loss = loss
    self.prediction = prediction
    self.beforeCall = beforeCall
  }

  func train(_ input: [Int8], label: Int, rate: Float) async throws -> TrainingStep {
    try await train([TrainingSample(input: input, label: label, rate: rate)])[0]
  }

  func train(_ samples: [TrainingSample]) async throws -> [TrainingStep] {
    try await beforeCall(learned.count)
    return samples.map { sample in
      let step = TrainingStep(loss: loss(learned.count), prediction: prediction(learned.count, sample.input))
      learned.append(Int(sample.input[0]))
      labels.append(sample.label)
      rates.append(sample.rate)
      return step
    }
  }

  func infer(_ input: [Int8]) async throws -> Inference {
    inferences += 1
    return Inference(prediction: prediction(learned.count, input), outputs: [])
  }

  func infer(_ inputs: [[Int8]]) async throws -> [Inference] {
    var answers: [Inference] = []
    for input in inputs { answers.append(try await infer(input)) }
    return answers
  }

  /// The number of steps.
  func readState() -> [UInt8] { withUnsafeBytes(of: UInt64(learned.count).littleEndian) { Array($0) } }
  func writeState(_ state: [UInt8]) {}
  func reset() {}
  func profile() -> [OperatorCost] { [] }
  func clearProfile() {}
  func stack() -> StackUse? { nil }
  func quit() -> Int32 { 0 }
}
