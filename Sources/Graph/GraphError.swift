/// What can be wrong with a graph as such, whoever made it.
public enum GraphError: Error, Equatable, CustomStringConvertible {
  case unknownTensor(String)
  case duplicateTensor(String)
  case duplicateNode(String)
  case cycle([String])
  case usedBeforeWritten(tensor: String, node: String)
  case wrongDataSize(tensor: String, bytes: Int, expected: Int)
  case syntax(line: Int, message: String)

  public var description: String {
    switch self {
    case .unknownTensor(let name): "no tensor is called '\(name)'"
    case .duplicateTensor(let name): "two tensors are called '\(name)'"
    case .duplicateNode(let name): "two nodes are called '\(name)'"
    case .cycle(let nodes): "the graph runs in a circle: \(nodes.joined(separator: " → "))"
    case .usedBeforeWritten(let tensor, let node):
      "node '\(node)' reads '\(tensor)' before anything has written it"
    case .wrongDataSize(let tensor, let bytes, let expected):
      "tensor '\(tensor)' holds \(bytes) bytes of data, its shape needs \(expected)"
    case .syntax(let line, let message): "line \(line): \(message)"
    }
  }
}
