extension DeviceSession: TrainingDevice {
  /// What the image says about its measurements.
  public struct Measurements: Sendable, Equatable {
    /// Operators with a cost of their own; 0 in an image not built for profiling.
    public var operators: Int
    public var unit: CostUnit

    public init(operators: Int, unit: CostUnit) {
      self.operators = operators
      self.unit = unit
    }
  }

  private static let sampleHeadBytes = 12
  private static let stateChunkBytes = 4096

  /// Greets the device and checks that it runs the expected build.
  ///
  /// - Parameters:
  ///   - measuring: have the device count the cost of every sample and operator from now on.
  ///   - console: receives what the program prints over the link.
  /// - Throws: `LinkError.mismatch` with all differences, or what broke the link.
  public static func connect(
    over transport: any ByteTransport, expecting model: ModelInterface, pace: Pace = .reliable,
    measuring: Bool = false, console: @escaping @Sendable (String) -> Void = { _ in }
  ) async throws -> DeviceSession {
    let session = DeviceSession(over: transport, model: model, pace: pace, console: console)
    await session.startReading()
    do {
      try await session.greet(measuring: measuring)
    } catch {
      await session.close()
      throw error
    }
    return session
  }

  private func greet(measuring: Bool) async throws {
    var payload = PayloadWriter()
    payload.append(Frame.protocolVersion)
    payload.append(contentsOf: model.buildHash)
    for size in [model.inputBytes, model.classes, model.stateBytes] { payload.append(UInt32(size)) }
    payload.append(UInt32(measuring ? 1 : 0))
    let reply = try await request(.hello, payload.bytes)
    measurements = try parseHello(reply, expecting: model)
  }

  public func train(_ input: [Int8], label: Int, rate: Float) async throws -> TrainingStep {
    try await train([TrainingSample(input: input, label: label, rate: rate)])[0]
  }

  public func train(_ samples: [TrainingSample]) async throws -> [TrainingStep] {
    for sample in samples { try model.check(sample) }
    let replies = try await requests(.sample, samples) { sample in
      Self.payload(SampleFlags.learn, sample.label, sample.rate, sample.input)
    }
    return try zip(samples, replies).enumerated().map { position, pair in
      let (sample, reply) = pair
      let result = try parseResult(reply)
      let step = TrainingStep(loss: result.loss, prediction: result.prediction, cost: result.cost)
      try model.check(step, rate: sample.rate, sample: position)
      return step
    }
  }

  public func infer(_ input: [Int8]) async throws -> Inference {
    try await infer([input])[0]
  }

  public func infer(_ inputs: [[Int8]]) async throws -> [Inference] {
    for input in inputs { try model.check(input: input) }
    return try await requests(.sample, inputs) { Self.payload(SampleFlags.outputs, -1, 0, $0) }.map(inference)
  }

  public func evaluate(_ samples: [Sample]) async throws -> [Inference] {
    for sample in samples { try model.check(sample) }
    let flags = SampleFlags.outputs | SampleFlags.count
    return try await requests(.sample, samples) { Self.payload(flags, $0.label, 0, $0.input) }.map(inference)
  }

  public func evaluation() async throws -> Evaluation {
    try parseEvaluation(await request(.evaluation, [0, 0, 0, 0]), classes: model.classes)
  }

  public func resetEvaluation() async throws {
    try checkDone(await request(.evaluation, [1, 0, 0, 0]))
  }

  public func learningStatus() async throws -> LearningStatus {
    try parseLearning(await request(.learning))
  }

  private func inference(_ reply: Frame) throws(LinkError) -> Inference {
    let result = try parseResult(reply)
    guard result.outputs.count == model.classes else { throw .malformedReply(reply.kind) }
    return Inference(prediction: result.prediction, outputs: result.outputs, cost: result.cost)
  }

  /// As TINYSDK_SAMPLE_... on the wire.
  private enum SampleFlags {
    static let learn: UInt32 = 1
    static let outputs: UInt32 = 2
    static let count: UInt32 = 4
  }

  private static func payload(_ flags: UInt32, _ label: Int, _ rate: Float, _ input: [Int8]) -> [UInt8] {
    var payload = PayloadWriter(reserving: sampleHeadBytes + input.count)
    payload.append(flags)
    payload.append(Int32(truncatingIfNeeded: label))
    payload.append(rate)
    payload.append(contentsOf: input)
    return payload.bytes
  }

  public func readState() async throws -> [UInt8] { try await read(0..<model.stateBytes) }

  public func writeState(_ state: [UInt8]) async throws {
    try model.check(state: state)
    try await write(state, at: 0, Self.chunks(0..<state.count))
  }

  public func readReplay() async throws -> [UInt8] {
    try await read(model.stateBytes..<model.stateBytes + model.replayBytes)
  }

  public func writeReplay(_ memory: [UInt8]) async throws {
    try model.check(replay: memory)
    try await write(memory, at: model.stateBytes, slotChunks)
  }

  /// The replay memory in whole slots, which end it: a device puts each together before it stores it, so a chunk
  /// that arrives damaged must bring all of it again.
  private var slotChunks: [Range<Int>] {
    let slot = max(model.edgeBytes, 1)
    let whole = max(Self.stateChunkBytes / slot, 1) * slot
    let first = model.replayBytes % slot
    let rest = stride(from: first, to: model.replayBytes, by: whole).map {
      $0..<min($0 + whole, model.replayBytes)
    }
    return (first > 0 ? [0..<first] : []) + rest
  }

  /// Of the trainable state, or of the replay memory, which follows it.
  private func read(_ range: Range<Int>) async throws -> [UInt8] {
    let replies = try await requests(.stateRead, Self.chunks(range)) { chunk in
      var payload = PayloadWriter()
      payload.append(UInt32(chunk.lowerBound))
      payload.append(UInt32(chunk.count))
      return payload.bytes
    }
    let bytes = replies.flatMap(\.payload)
    guard bytes.count == range.count else { throw LinkError.malformedReply(.state) }
    return bytes
  }

  private func write(_ bytes: [UInt8], at start: Int, _ chunks: [Range<Int>]) async throws {
    let replies = try await requests(.stateWrite, chunks) { chunk in
      var payload = PayloadWriter()
      payload.append(UInt32(start + chunk.lowerBound))
      payload.append(contentsOf: Array(bytes[chunk]))
      return payload.bytes
    }
    for reply in replies { try checkDone(reply) }
  }

  private static func chunks(_ range: Range<Int>) -> [Range<Int>] {
    stride(from: range.lowerBound, to: range.upperBound, by: stateChunkBytes).map {
      $0..<min($0 + stateChunkBytes, range.upperBound)
    }
  }

  public func reset() async throws {
    try checkDone(await request(.reset))
  }

  public func profile() async throws -> [OperatorCost] {
    try parseProfile(await request(.profile, [0, 0, 0, 0]))
  }

  public func clearProfile() async throws {
    try checkDone(await request(.profile, [1, 0, 0, 0]))
  }

  public func stack() async throws -> StackUse? {
    try parseStack(await request(.stack))
  }

  @discardableResult
  public func quit() async throws -> Int32 {
    let code = try parseBye(await request(.quit))
    close()
    return code
  }
}
