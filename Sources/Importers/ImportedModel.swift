import Graph

/// A network that came from a model file, and what is remarkable about it.
public struct ImportedModel: Sendable, Equatable {
  /// Nodes in execution order, batch 1, activations int8 `[1, C, H, W]`; the one output holds the logits
  /// (float32).
  public var graph: Graph
  public var notes: [ImportNote]

  public init(graph: Graph, notes: [ImportNote] = []) {
    self.graph = graph
    self.notes = notes
  }
}
