import Graph
import Operators

/// One kernel call of the program, beside the node it does the work of.
public struct Step: Sendable, Equatable, Codable {
  public var node: Node
  public var call: KernelCall
  /// Multiply-accumulates of one execution.
  public var macs: Int
}

/// Chooses a kernel for every node.
func selectKernels(_ graph: Graph) throws -> [Step] {
  try checkShapes(of: graph)
  return try graph.nodes.map { node in
    let definition = try operatorDefinition(of: node)
    return Step(node: node, call: try definition.lower(node, graph), macs: try definition.macs(node, graph))
  }
}
