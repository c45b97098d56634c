import Compiler
import Graph
import KernelBridge
import Operators

/// A plan that learns inside this process, kernel call by kernel call: bit for bit what its image learns,
/// with nothing to compile first. For trying many plans.
public actor InterpretedTwin: TrainingDevice {
  public nonisolated let model: ModelInterface
  private let interpreter: PlanInterpreter
  private let initialState: [UInt8]
  private let edges: EdgeCache
  private let prefix: FrozenPrefix?
  private let inferenceSteps: [Int]

  /// - Parameters:
  ///   - edges: where it keeps what samples leave behind the layers that never learn; share it between
  ///     plans whose prefixes have one `Plan.identity(of:)`.
  /// - Throws: `KernelBridgeError` where a kernel is missing; `GraphError` for a plan that is not whole.
  public init(_ plan: Plan, kernels: KernelLibrary, edges: EdgeCache = EdgeCache()) throws {
    interpreter = try PlanInterpreter(plan, kernels: kernels)
    initialState = try interpreter.state()
    self.edges = edges
    prefix = plan.frozenPrefix
    inferenceSteps = plan.inferenceSteps.filter { [edge = prefix?.steps ?? 0] in $0 >= edge }
    let outputs = try plan.graph.outputs.first.map { try plan.graph.tensor($0).count } ?? 0
    model = ModelInterface(
      inputBytes: plan.graph.tensors(role: .input).reduce(0) { $0 + $1.byteCount }, classes: outputs,
      stateBytes: plan.stateBytes, buildHash: [], edgeBytes: prefix?.edgeBytes ?? 0)
  }

  public func train(_ input: [Int8], label: Int, rate: Float) throws -> TrainingStep {
    try train([TrainingSample(input: input, label: label, rate: rate)])[0]
  }

  public func train(_ samples: [TrainingSample]) throws -> [TrainingStep] {
    for sample in samples { try model.check(sample) }
    return try samples.enumerated().map { position, sample in
      try Task.checkCancellation()
      try enter(sample.input)
      try store(sample.rate, ControlTensor.learningRate)
      try storeLabel(sample.label)
      try interpreter.run((prefix?.steps ?? 0)..<interpreter.plan.steps.count)
      let step = TrainingStep(
        loss: try load(ControlTensor.loss), prediction: Int(try load(ControlTensor.prediction) as Int32))
      try model.check(step, rate: sample.rate, sample: position)
      return step
    }
  }

  public func infer(_ input: [Int8]) throws -> Inference {
    try model.check(input: input)
    try enter(input)
    try interpreter.run(inferenceSteps)
    let output = try interpreter.bytes(of: interpreter.plan.graph.outputs[0])
    return Inference(
      prediction: Int(try load(ControlTensor.prediction) as Int32),
      outputs: Array(output.bindMemory(to: Float.self)))
  }

  public func infer(_ inputs: [[Int8]]) throws -> [Inference] {
    try inputs.map { input in
      try Task.checkCancellation()
      return try infer(input)
    }
  }

  public func readState() throws -> [UInt8] { try interpreter.state() }

  public func writeState(_ state: [UInt8]) throws {
    try model.check(state: state)
    for tensor in interpreter.plan.state {
      try interpreter.write(tensor.name, Array(state[tensor.offset..<tensor.offset + tensor.bytes]))
    }
  }

  public func reset() throws { try writeState(initialState) }

  public func profile() -> [OperatorCost] { [] }

  public func clearProfile() {}

  public func stack() -> StackUse? { nil }

  @discardableResult
  public func quit() -> Int32 { 0 }

  /// Brings the program to its edge, or to its start where the first layer learns.
  private func enter(_ input: [Int8]) throws {
    guard let prefix else { return try fill(input) }
    let edge = try edges.edge(of: input) {
      try fill(input)
      try interpreter.run(0..<prefix.steps)
      return try prefix.edge.flatMap { try interpreter.read($0.name) }
    }
    var offset = 0
    for item in prefix.edge {
      try edge.withUnsafeBytes { bytes in
        try interpreter.bytes(of: item.name).copyMemory(
          from: UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + item.bytes]))
      }
      offset += item.bytes
    }
  }

  private func fill(_ input: [Int8]) throws {
    for tensor in interpreter.plan.graph.tensors(role: .input) {
      try input.withUnsafeBytes { try interpreter.bytes(of: tensor.name).copyMemory(from: $0) }
    }
  }

  private func storeLabel(_ label: Int) throws {
    guard interpreter.plan.options.loss == .meanSquaredError else {
      return try store(Int32(label), ControlTensor.label)
    }
    let target = try interpreter.bytes(of: ControlTensor.target).bindMemory(to: Float.self)
    for index in target.indices { target[index] = index == label ? 1 : 0 }
  }

  private func store<Value: BitwiseCopyable>(_ value: Value, _ name: String) throws {
    try interpreter.bytes(of: name).storeBytes(of: value, as: Value.self)
  }

  private func load<Value: BitwiseCopyable>(_ name: String) throws -> Value {
    try interpreter.bytes(of: name).load(as: Value.self)
  }
}
