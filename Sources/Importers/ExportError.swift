/// A trained network that cannot be written back, with everything that does not fit.
public struct ExportError: Error, Hashable, Sendable, CustomStringConvertible {
  public var problems: [String]

  public init(problems: [String]) {
    self.problems = problems
  }

  public var description: String {
    let count = problems.count == 1 ? "1 problem" : "\(problems.count) problems"
    return (["cannot export the trained model: \(count)"] + problems.map { "  \($0)" }).joined(
      separator: "\n")
  }
}
