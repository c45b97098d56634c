import Graph
import Operators

/// Where an imported graph does not fit the operators' own shape rules; `nil` where all is well.
func shapeProblem(in graph: Graph) -> ImportProblem? {
  do {
    try graph.validate()
    try checkShapes(of: graph)
    return nil
  } catch {
    return ImportProblem(.shape, "\(error)")
  }
}
