import Boards
import Graph
import Operators

/// A compiled training step: what runs, with which kernels, and where everything lies. A plain value;
/// making it ran no tool but the kernel backends' answers.
public struct Plan: Sendable, Equatable, Codable {
  /// One tensor of the trainable state.
  public struct StateTensor: Sendable, Equatable, Codable {
    public var name: String
    public var element: ElementType
    public var shape: [Int]
    /// Bytes from the start of the state in canonical layout: tensors in graph order, densely packed.
    public var offset: Int
    public var bytes: Int
  }

  public var graph: Graph
  public var steps: [Step]
  public var arena: ArenaPlan
  /// What it was compiled with; `optimize` is `memory` where `frugalKernels` says why.
  public var options: CompileOptions
  /// `nil` where the kernels are those that were asked for.
  public var frugalKernels: FrugalKernels?
  /// The trainable state, in graph order.
  public var state: [StateTensor]
  /// Bytes of stack planned for.
  public var stackBytes: Int
  /// The board's name; `nil` where there is no limit.
  public var board: String?
  /// Where the writable parts lie on the board; `nil` for the host.
  public var placement: MemoryPlacement?
  /// The flash that keeps samples to learn from again; `nil` where RAM does.
  public var replayPages: ReplayPages?
  /// Frozen weights as their kernels want them, by tensor; all others lie in the canonical layout.
  public var packedWeights: [String: [UInt8]] = [:]

  init(graph: Graph, steps: [Step], arena: ArenaPlan, options: CompileOptions, stackBytes: Int) {
    self.graph = graph
    self.steps = steps
    self.arena = arena
    self.options = options
    self.stackBytes = stackBytes
    state = stateTensors(of: graph)
  }

  /// Bytes of the trainable state.
  public var stateBytes: Int { state.reduce(0) { $0 + $1.bytes } }

  /// Bytes of the trainable state in memory, every tensor aligned to 4.
  public var alignedStateBytes: Int { state.reduce(0) { $0 + ($1.bytes + 3) / 4 * 4 } }

  /// Bytes of labels, rates and results.
  public var controlBytes: Int { graph.tensors(role: .control).reduce(0) { $0 + $1.byteCount } }

  /// Bytes of weights, tables, argument structs and initial values in flash; code comes on top.
  public var constantBytes: Int {
    let tensors = graph.tensors.filter { $0.role == .constant || $0.role == .parameter }
    let tables = Set(steps.flatMap(\.call.operands).compactMap(\.table))
    return tensors.reduce(0) { $0 + (packedWeights[$1.name]?.count ?? $1.data?.count ?? 0) }
      + tables.reduce(0) { $0 + $1.bytes.count }
      + steps.reduce(0) { $0 + $1.call.argumentBytes.count }
  }

  /// Bytes of activations, masks and copies that the forward half keeps for the backward half.
  public var keptActivationBytes: Int {
    let firstBackward = steps.firstIndex { $0.node.phase != .forward } ?? steps.count
    return arena.items.filter { $0.first < firstBackward && $0.last > firstBackward && $0.last < steps.count }
      .reduce(0) { $0 + $1.bytes }
  }

  /// Steps that an inference runs: the forward half without what only training keeps.
  public var inferenceSteps: [Int] {
    steps.indices.filter { steps[$0].node.phase == .forward && steps[$0].node.op != "gather_planes" }
  }
}

extension Operand {
  /// The table, where this is one.
  public var table: ConstantTable? {
    if case .table(let table) = self { table } else { nil }
  }
}

/// Parameters in the order in which the program first uses them.
private func stateTensors(of graph: Graph) -> [Plan.StateTensor] {
  var offset = 0
  var seen: Set<String> = []
  var state: [Plan.StateTensor] = []
  for name in graph.nodes.flatMap(\.inputs) where seen.insert(name).inserted {
    guard let tensor = try? graph.tensor(name), tensor.role == .parameter else { continue }
    state.append(
      Plan.StateTensor(
        name: name, element: tensor.element, shape: tensor.shape, offset: offset, bytes: tensor.byteCount))
    offset += tensor.byteCount
  }
  return state
}
