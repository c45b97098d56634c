import Graph
import Operators

/// One kernel call of the program, beside the node it does the work of.
public struct Step: Sendable, Equatable, Codable {
  public var node: Node
  public var call: KernelCall
  /// Multiply-accumulates of one execution.
  public var macs: Int
  /// The contract's kernel whose work this is; `call.symbol` is the one that does it.
  public var contract: String
  /// The backend of the kernel that does it.
  public var backend: String
  /// Bytes of scratch that this kernel takes; 0 for none.
  public var scratchBytes: Int
  /// Every kernel that could do it, the preferred backend first.
  public var considered: [KernelCandidate]
  /// What became of each of them, in the same order.
  public var verdicts: [KernelVerdict]
  /// Every kernel of the contract that does not support the arguments.
  public var refused: [KernelRefusal]

  init(node: Node, call: KernelCall, macs: Int) {
    self.node = node
    self.call = call
    self.macs = macs
    contract = call.symbol
    backend = ""
    scratchBytes = 0
    considered = []
    verdicts = []
    refused = []
  }
}

/// The contract's kernel for every node.
func selectKernels(_ graph: Graph) throws -> [Step] {
  try checkShapes(of: graph)
  return try graph.nodes.map { node in
    let definition = try operatorDefinition(of: node)
    return Step(node: node, call: try definition.lower(node, graph), macs: try definition.macs(node, graph))
  }
}
