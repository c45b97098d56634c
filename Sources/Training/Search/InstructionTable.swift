import Compiler

/// Instructions of kernel calls, measured on a board: what a plan's step will take, call by call.
public struct InstructionTable: Sendable, Equatable, Codable {
  /// One measured call.
  public struct Entry: Sendable, Equatable, Codable {
    public var call: KernelQuery
    public var macs: Int
    public var instructions: Int
  }

  public var entries: [Entry]

  public init(entries: [Entry] = []) {
    self.entries = entries
  }

  /// - Parameter instructions: one figure for each step of the plan, as the profile counted them.
  public init(_ plan: Plan, instructions: [Int]) {
    entries = zip(plan.steps, instructions).map { step, count in
      Entry(call: KernelQuery(step.call), macs: step.macs, instructions: count)
    }
  }

  /// The instructions of one training step of another plan for the same board: calls that were measured as
  /// they were, others in proportion to their multiply-accumulates, like calls of the same kernel.
  public func estimate(_ plan: Plan) -> Int? {
    guard !entries.isEmpty else { return nil }
    let known = Dictionary(entries.map { ($0.call, $0.instructions) }, uniquingKeysWith: { one, _ in one })
    let kernels = Dictionary(grouping: entries, by: \.call.symbol).mapValues(perMAC)
    let overall = perMAC(entries)
    return plan.steps.reduce(0) { sum, step in
      let call = KernelQuery(step.call)
      if let instructions = known[call] { return sum + instructions }
      let declared = step.considered.first { $0.symbol == call.symbol }?.instructions
      let ratio = kernels[call.symbol] ?? overall
      return sum + (declared ?? Int(Double(step.macs) * ratio))
    }
  }

  private func perMAC(_ entries: [Entry]) -> Double {
    let macs = entries.reduce(0) { $0 + $1.macs }
    return macs == 0 ? 0 : Double(entries.reduce(0) { $0 + $1.instructions }) / Double(macs)
  }
}
