/// How a gradient becomes a step: stochastic gradient descent, and what is put around it.
public struct Optimizer: Sendable, Equatable, Codable {
  /// How the learning rate goes on over the steps. Steps are counted from the first, warm-up included.
  public enum Schedule: Sendable, Equatable, Codable {
    case constant
    /// Down to 0 along half a cosine wave, at `steps`; 0 from there on.
    case cosine(steps: Int)
    /// Multiplied by `factor` after every `every` steps behind the warm-up.
    case step(every: Int, factor: Double)
  }

  /// Bounds on gradients, in units of the real-valued weights.
  public enum Clip: Sendable, Equatable, Codable {
    /// The L2 norm over all gradients of a step.
    case norm(Double)
    /// The magnitude of every element.
    case value(Double)
  }

  public var schedule: Schedule
  /// Steps in which the rate rises linearly to its full height.
  public var warmUp: Int
  /// The share of the velocity that a step keeps; 0 keeps none, and takes no memory.
  public var momentum: Double
  public var clip: Clip?
  /// Samples whose mean gradient makes one update.
  public var accumulate: Int
  /// Factors on the learning rate by layer name; 1 where a layer has none.
  public var rates: [String: Double]
  public var scaling: QuantizationAwareScaling

  public init(
    schedule: Schedule = .constant, warmUp: Int = 0, momentum: Double = 0, clip: Clip? = nil,
    accumulate: Int = 1, rates: [String: Double] = [:], scaling: QuantizationAwareScaling = .exact
  ) {
    self.schedule = schedule
    self.warmUp = warmUp
    self.momentum = momentum
    self.clip = clip
    self.accumulate = accumulate
    self.rates = rates
    self.scaling = scaling
  }

  /// Whether the rate changes over the steps.
  public var changesRate: Bool { schedule != .constant || warmUp > 0 }
}

extension Optimizer: CustomStringConvertible {
  /// What a person would say: `SGD`, or `SGD, momentum 0.9, cosine to step 6000`.
  public var description: String {
    let rate: String? =
      switch schedule {
      case .constant: nil
      case .cosine(let steps): "cosine to step \(steps)"
      case .step(let every, let factor): "rate x \(factor) every \(every) steps"
      }
    let bound: String? =
      switch clip {
      case .norm(let limit): "norm clipped at \(limit)"
      case .value(let limit): "values clipped at \(limit)"
      case nil: nil
      }
    let factors = rates.sorted { $0.key < $1.key }.map { "\($0.key) x \($0.value)" }
    let parts: [String?] = [
      "SGD", momentum > 0 ? "momentum \(momentum)" : nil, rate, warmUp > 0 ? "warm-up \(warmUp) steps" : nil,
      bound, accumulate > 1 ? "mean of \(accumulate) samples" : nil,
      factors.isEmpty ? nil : "rates " + factors.joined(separator: " "),
      scaling == .shift ? "scaling by shifts" : nil,
    ]
    return parts.compactMap { $0 }.joined(separator: ", ")
  }
}

/// How gradients of int8 weights come to the scale of their weights (paper, section 3.1).
public enum QuantizationAwareScaling: String, Sendable, Codable, CaseIterable {
  /// 1 / scale² for every output channel.
  case exact
  /// One power of two for a layer's weights and one for its biases: the geometric mean of the exact factors,
  /// rounded.
  case shift
}
