import Compiler

/// Names what a trained state means: the network with its frozen weights, what learns in it, and how.
/// Boards, toolchains and profiling make no difference, so that a state trained on one board goes on
/// learning on another.
public struct ModelIdentity: Sendable, Equatable, Codable {
  /// The network's name.
  public var model: String
  /// The update scheme's name.
  public var scheme: String
  /// Fractional bits kept beside each int8 weight, or `stochastic`.
  public var residual: String
  public var classes: Int
  /// SHA-256 of the whole training program in its text form, weights included.
  public var digest: String

  public init(_ plan: Plan) {
    model = plan.graph.name
    scheme = plan.options.update.name
    residual = plan.options.residual.rawValue
    classes = plan.graph.outputs.first.flatMap { try? plan.graph.tensor($0).shape.last } ?? 0
    digest = Digest.sha256(Array(plan.graph.text().utf8))
  }

  /// What differs, in words; empty where nothing does.
  func differences(from other: ModelIdentity) -> [String] {
    if self == other { return [] }
    let named = [
      ("model", model, other.model), ("update scheme", scheme, other.scheme),
      ("residual", residual, other.residual), ("classes", "\(classes)", "\(other.classes)"),
    ].filter { $0.1 != $0.2 }.map { "\($0.0): \($0.1), here \($0.2)" }
    return named.isEmpty ? ["the weights or settings of '\(model)' have changed since"] : named
  }
}

extension CompileOptions.Update {
  /// The scheme's name.
  public var name: String {
    switch self {
    case .named(let name): name
    case .scheme(let scheme): scheme.name
    }
  }
}
