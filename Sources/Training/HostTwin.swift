import CModelAPI

/// The same generated C as on the device, compiled for this machine and running inside this process.
public actor HostTwin: TrainingDevice {
  public nonisolated let model: ModelInterface
  private let library: ModelLibrary
  private let edges: EdgeCache

  /// Loads a model built for the board `host`, in its initial state.
  ///
  /// - Parameters:
  ///   - path: the shared object; it may be deleted afterwards.
  ///   - model: what it must be.
  ///   - edges: where it keeps what samples leave behind the layers that never learn.
  /// - Throws: `ModelLibraryError`; `LinkError.mismatch` for another build.
  public init(loading path: String, expecting model: ModelInterface, edges: EdgeCache = EdgeCache()) throws {
    library = try ModelLibrary(path: path, hasEdge: model.edgeBytes > 0)
    self.model = model
    self.edges = edges
    guard library.buildHash == model.buildHash else {
      throw LinkError.mismatch([
        "build hash: image \(hexadecimal(library.buildHash)), host \(hexadecimal(model.buildHash))"
      ])
    }
    library.initialize()
  }

  public func train(_ input: [Int8], label: Int, rate: Float) throws -> TrainingStep {
    try train([TrainingSample(input: input, label: label, rate: rate)])[0]
  }

  public func train(_ samples: [TrainingSample]) throws -> [TrainingStep] {
    for sample in samples { try model.check(sample) }
    return try samples.enumerated().map { position, sample in
      try Task.checkCancellation()
      library.setLearningRate(sample.rate)
      let result = trainStep(sample)
      let step = TrainingStep(loss: result.loss, prediction: Int(result.prediction))
      try model.check(step, rate: sample.rate, sample: position)
      return step
    }
  }

  public func infer(_ input: [Int8]) throws -> Inference {
    try model.check(input: input)
    let prediction = prediction(for: input)
    let outputs = UnsafeBufferPointer(start: library.output(), count: model.classes)
    return Inference(prediction: Int(prediction), outputs: Array(outputs))
  }

  public func infer(_ inputs: [[Int8]]) throws -> [Inference] {
    for input in inputs { try model.check(input: input) }
    return try inputs.map { input in
      try Task.checkCancellation()
      return try infer(input)
    }
  }

  public func evaluate(_ samples: [Sample]) throws -> [Inference] {
    for sample in samples { try model.check(sample) }
    return try samples.map { sample in
      try Task.checkCancellation()
      let answer = try infer(sample.input)
      library.countEvaluation?(Int32(sample.label), Int32(answer.prediction))
      return answer
    }
  }

  public func evaluation() -> Evaluation {
    guard let counted = library.evaluation?().confusion else { return Evaluation(classes: model.classes) }
    let counts = UnsafeBufferPointer(start: counted, count: model.classes * model.classes).map { Int($0) }
    return Evaluation(confusion: counts, classes: model.classes) ?? Evaluation(classes: model.classes)
  }

  public func resetEvaluation() {
    library.resetEvaluation?()
  }

  public func learningStatus() -> LearningStatus {
    var status = LearningStatus()
    if let window = library.window?() {
      status.windowSteps = Int(window.steps)
      status.windowCorrect = Int(window.correct)
      status.windowLoss = window.loss
    }
    if let state = library.learningGuard?() {
      status.restored = Int(state.restored)
      status.kept = Int(state.kept)
    }
    return status
  }

  public func readState() -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: model.stateBytes) { buffer, count in
      library.readState(0, buffer.baseAddress, UInt32(model.stateBytes))
      count = model.stateBytes
    }
  }

  public func writeState(_ state: [UInt8]) throws {
    try model.check(state: state)
    library.writeState(0, state, UInt32(state.count))
  }

  public func readReplay() -> [UInt8] {
    var memory = [UInt8](repeating: 0, count: model.replayBytes)
    library.readReplay?(0, &memory, UInt32(memory.count))
    return memory
  }

  public func writeReplay(_ memory: [UInt8]) throws {
    try model.check(replay: memory)
    library.writeReplay?(0, memory, UInt32(memory.count))
  }

  public func reset() {
    library.initialize()
  }

  public func profile() -> [OperatorCost] {
    []
  }

  public func clearProfile() {
  }

  public func stack() -> StackUse? {
    nil
  }

  @discardableResult
  public func quit() -> Int32 {
    0
  }

  private func trainStep(_ sample: TrainingSample) -> tinysdk_model_result {
    let label = Int32(sample.label)
    guard model.edgeBytes > 0 else {
      fill(sample.input)
      return library.trainStep(label)
    }
    return library.trainStepFrom(edge(of: sample.input), label)
  }

  private func prediction(for input: [Int8]) -> Int32 {
    guard model.edgeBytes > 0 else {
      fill(input)
      return library.infer()
    }
    return library.inferFrom(edge(of: input))
  }

  /// What the layers that never learn make of a sample: the same in every step.
  private func edge(of input: [Int8]) -> [UInt8] {
    edges.edge(of: input) {
      fill(input)
      return [UInt8](unsafeUninitializedCapacity: model.edgeBytes) { buffer, count in
        library.edge(buffer.baseAddress)
        count = model.edgeBytes
      }
    }
  }

  private func fill(_ input: [Int8]) {
    library.input()?.update(from: input, count: input.count)
  }
}
