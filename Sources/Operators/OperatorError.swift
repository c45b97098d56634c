import Graph

/// A node that an operator's rules refuse.
public struct OperatorError: Error, Equatable, CustomStringConvertible {
  public var layer: String
  public var op: String
  public var problem: String

  public init(_ node: Node, _ problem: String) {
    layer = node.layer
    op = node.op
    self.problem = problem
  }

  public var description: String { "layer '\(layer)' (\(op)): \(problem)" }
}
