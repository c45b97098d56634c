/// One reason why a model file cannot be imported.
public struct ImportProblem: Error, Hashable, Sendable, CustomStringConvertible {
  public enum Kind: String, Sendable, CaseIterable {
    /// The bytes are no model file, or only a part of one.
    case unreadable
    /// The file contradicts itself: a missing tensor, a circle, data of the wrong length.
    case structure
    /// A scale or zero point that makes no sense.
    case quantization
    /// A shape that is unknown, impossible or does not fit its neighbour.
    case shape
    /// An operator, attribute or type that is outside of what is supported.
    case unsupported
    /// A float32 layer where a quantized one is needed.
    case notQuantized
    /// Follows from another problem; never reported.
    case consequence
  }

  public var kind: Kind
  public var message: String
  /// The name of the layer (node) concerned, and its operator.
  public var layer: String?
  public var op: String?

  public init(_ kind: Kind, _ message: String, layer: String? = nil, op: String? = nil) {
    self.kind = kind
    self.message = message
    self.layer = layer
    self.op = op
  }

  public var description: String {
    guard let layer else { return message }
    return "layer '\(layer)'\(op.map { " (\($0))" } ?? ""): \(message)"
  }
}

/// A model file that cannot be imported, with everything that stands against it.
public struct ImportError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file's name.
  public var model: String
  /// In the order of the file; never empty.
  public var problems: [ImportProblem]
  /// What to do next, one entry per kind of problem.
  public var advice: [String]

  public init(model: String, problems: [ImportProblem], advice: [String] = []) {
    self.model = model
    self.problems = problems
    self.advice = advice
  }

  public var description: String {
    let count = problems.count == 1 ? "1 problem" : "\(problems.count) problems"
    let lines = problems.map { "  \($0)" } + advice.map { "→ \($0)" }
    return (["cannot import '\(model)': \(count)"] + lines).joined(separator: "\n")
  }
}
