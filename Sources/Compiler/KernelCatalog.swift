import Boards
import Operators

/// A question to the kernel backends: who can do this call, and at what cost?
public struct KernelQuery: Sendable, Hashable, Codable {
  /// The contract's symbol.
  public var symbol: String
  public var arguments: [UInt8]

  public init(symbol: String, arguments: [UInt8]) {
    self.symbol = symbol
    self.arguments = arguments
  }

  public init(_ call: KernelCall) {
    self.init(symbol: call.symbol, arguments: call.argumentBytes)
  }
}

/// A kernel that can do a call, and what it says of itself for these arguments.
public struct KernelCandidate: Sendable, Hashable, Codable {
  public var symbol: String
  public var backend: String
  /// The layout in which it reads its weights; `nil` for the canonical one.
  public var layout: String?
  public var worksInPlace: Bool
  public var scratchBytes: Int
  /// About how many instructions the call takes; `nil` for a reference kernel, which makes no promise.
  public var instructions: Int?
  /// Modelled cycles, from kernels that trade instructions for them.
  public var cycles: Int?

  public init(
    symbol: String, backend: String, layout: String? = nil, worksInPlace: Bool = true, scratchBytes: Int = 0,
    instructions: Int? = nil, cycles: Int? = nil
  ) {
    self.symbol = symbol
    self.backend = backend
    self.layout = layout
    self.worksInPlace = worksInPlace
    self.scratchBytes = scratchBytes
    self.instructions = instructions
    self.cycles = cycles
  }

  /// What the planner compares; a kernel without an estimate comes last.
  public func cost(_ goal: KernelGoal) -> Int {
    switch goal {
    case .instructions: instructions ?? .max
    case .cycles: cycles ?? instructions ?? .max
    case .memory: min(scratchBytes, 1 << 30) << 32 + min(instructions ?? .max, 1 << 32 - 1)
    }
  }
}

/// A kernel that cannot do a call: it does not support the arguments.
public struct KernelRefusal: Sendable, Hashable, Codable {
  public var symbol: String
  public var backend: String

  public init(symbol: String, backend: String) {
    self.symbol = symbol
    self.backend = backend
  }
}

/// What became of a kernel that could do a call.
public enum KernelVerdict: String, Sendable, Codable {
  case chosen
  /// Another kernel for the same layout of weights costs less.
  case costlier
  /// These weights cannot be put into its layout.
  case notPackable
  /// The weights learn or are split, which only the canonical layout allows.
  case canonicalWeights
  /// Another layout costs less, summed over all steps that read the weights.
  case otherLayout
}

/// A layout of weights that a kernel wants, and the call that it wants it for.
public struct PackingQuery: Sendable, Hashable, Codable {
  public var layout: String
  public var arguments: [UInt8]
  /// In canonical layout.
  public var weights: [UInt8]

  public init(layout: String, arguments: [UInt8], weights: [UInt8]) {
    self.layout = layout
    self.arguments = arguments
    self.weights = weights
  }
}

/// What the kernel backends answered: a plain value, so that planning depends on no tool.
public struct KernelCatalog: Sendable, Equatable, Codable {
  /// Who can do each call, the preferred backend first.
  public var candidates: [KernelQuery: [KernelCandidate]]
  /// Who cannot.
  public var refusals: [KernelQuery: [KernelRefusal]]

  public init(
    candidates: [KernelQuery: [KernelCandidate]] = [:], refusals: [KernelQuery: [KernelRefusal]] = [:]
  ) {
    self.candidates = candidates
    self.refusals = refusals
  }

  /// A catalog of the contract's own kernels, which need so much scratch.
  public init(scratchBytes: [KernelQuery: Int]) {
    refusals = [:]
    candidates = Dictionary(
      uniqueKeysWithValues: scratchBytes.map { query, bytes in
        (query, [KernelCandidate(symbol: query.symbol, backend: "portable", scratchBytes: bytes)])
      })
  }
}

/// What the planner must ask the backends before it can plan.
public func kernelQueries(of steps: [Step]) -> [KernelQuery] {
  var seen: Set<KernelQuery> = []
  return steps.map { KernelQuery($0.call) }.filter { seen.insert($0).inserted }
}
