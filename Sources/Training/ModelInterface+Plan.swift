import Compiler

extension ModelInterface {
  /// What an image of `plan` must be.
  /// - Throws: `EmitError` for a plan that no image can be made of.
  public init(_ plan: Plan) throws {
    let outputs = try plan.graph.outputs.first.map { try plan.graph.tensor($0).count } ?? 0
    self.init(
      inputBytes: plan.graph.tensors(role: .input).reduce(0) { $0 + $1.byteCount }, classes: outputs,
      stateBytes: plan.stateBytes, buildHash: try Compiler.buildHash(of: plan),
      edgeBytes: plan.frozenPrefix?.edgeBytes ?? 0, replayBytes: plan.replayMemoryBytes,
      evaluates: plan.options.evaluation != nil,
      guardsLearning: plan.options.learningGuard != nil)
  }
}
