import Graph

/// What an optimizer takes beyond the parameters themselves.
extension Plan {
  /// Bytes of the trainable state that hold velocities.
  public var velocityBytes: Int { bytes(ofInput: 1, of: "momentum") }

  /// Bytes of the trainable state that hold sums of gradients.
  public var gradientSumBytes: Int { bytes(ofInput: 0, of: "sum_gradient") }

  /// The most bytes of the arena that parameters' gradients take at one time; 0 where each is fused with its
  /// update.
  public var wholeGradientBytes: Int {
    let chain = steps.filter {
      $0.node.attributes["parameter"] != nil || gradientOperators.contains($0.node.op)
    }
    let gradients = Set(chain.flatMap(\.node.outputs))
    let items = arena.items.filter { gradients.contains($0.name) }
    let most = steps.indices.map { step in
      let alive = items.filter { $0.first <= step && step <= $0.last }
      // In place, two of them are one.
      return Dictionary(alive.map { ($0.offset, $0.bytes) }, uniquingKeysWith: max).values.reduce(0, +)
    }
    return most.max() ?? 0
  }

  private func bytes(ofInput position: Int, of op: String) -> Int {
    let names = Set(steps.filter { $0.node.op == op }.compactMap { $0.node.input(position) })
    return state.filter { names.contains($0.name) }.reduce(0) { $0 + $1.bytes }
  }
}

/// What hands a parameter's gradient on.
private let gradientOperators: Set = ["take_mean", "clip_norm", "clip_value", "momentum"]
