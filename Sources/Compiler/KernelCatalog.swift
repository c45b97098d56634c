import Operators

/// A question to a kernel: how much scratch it needs for these arguments.
public struct ScratchQuery: Sendable, Hashable, Codable {
  public var symbol: String
  public var arguments: [UInt8]

  public init(_ call: KernelCall) {
    symbol = call.symbol
    arguments = call.argumentBytes
  }
}

/// What the kernel backends answered: a plain value, so that planning depends on no tool.
public struct KernelCatalog: Sendable, Equatable, Codable {
  /// Bytes of scratch for each question asked.
  public var scratchBytes: [ScratchQuery: Int]

  public init(scratchBytes: [ScratchQuery: Int] = [:]) {
    self.scratchBytes = scratchBytes
  }

  /// Bytes of scratch that a call needs; 0 for a kernel that takes none.
  func scratch(for call: KernelCall) -> Int {
    call.operands.contains(.scratch) ? scratchBytes[ScratchQuery(call)] ?? 0 : 0
  }
}

/// What the planner must ask the backends before it can plan.
public func scratchQueries(of steps: [Step]) -> [ScratchQuery] {
  var seen: Set<ScratchQuery> = []
  return steps.filter { $0.call.operands.contains(.scratch) }.map { ScratchQuery($0.call) }.filter {
    seen.insert($0).inserted
  }
}
