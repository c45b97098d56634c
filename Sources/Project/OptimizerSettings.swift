import Compiler
import Graph

/// How the network learns: stochastic gradient descent, one sample a step, and what is put around it.
public struct OptimizerSettings: Equatable, Codable, Sendable {
  /// The learning rate, as written.
  public enum Rate: Equatable, Codable, Sendable {
    /// Of one step.
    case perStep(Double)
    /// Of a batch of 256, as papers on large batches state it; a step of one sample takes 1/256 of it.
    case per256(Double)
  }

  public var rate: Rate
  public var epochs: Int
  /// Decides the order of the samples in each epoch.
  public var seed: UInt64
  public var schedule: ScheduleSettings
  /// The share of the velocity that a step keeps; 0 for none.
  public var momentum: Double
  public var clip: Optimizer.Clip?
  /// Samples whose mean gradient makes one update.
  public var accumulate: Int
  /// Factors on the learning rate by the layer's number or name.
  public var rates: [String: Double]

  public init(
    rate: Rate = .per256(0.2), epochs: Int = 5, seed: UInt64 = 0, schedule: ScheduleSettings = .init(),
    momentum: Double = 0, clip: Optimizer.Clip? = nil, accumulate: Int = 1, rates: [String: Double] = [:]
  ) {
    self.rate = rate
    self.epochs = epochs
    self.seed = seed
    self.schedule = schedule
    self.momentum = momentum
    self.clip = clip
    self.accumulate = accumulate
    self.rates = rates
  }

  /// The base rate of an update.
  public var learningRate: Float {
    switch rate {
    case .perStep(let rate): Float(rate)
    case .per256(let rate): Float(rate * Double(accumulate) / 256)
    }
  }

  /// The settings as the compiler takes them.
  /// - Parameters:
  ///   - network: the model with its head.
  ///   - samples: the number of samples to train on; asked only where the length of the schedule hangs on it.
  /// - Throws: `UnknownLayers`, `ScheduleSettings.Incomplete`, what `samples` throws.
  public func resolved(scaling: QuantizationAwareScaling, network: Graph, samples: () throws -> Int) throws
    -> Optimizer
  {
    Optimizer(
      schedule: try schedule.resolved { try epochs * samples() }, warmUp: schedule.warmUp,
      momentum: momentum, clip: clip, accumulate: accumulate, rates: try layerRates(network),
      scaling: scaling)
  }

  private func layerRates(_ network: Graph) throws -> [String: Double] {
    let layers = try updatableLayers(of: network).map(\.name)
    let head = headName(of: network)
    var found: [String: Double] = [:]
    var unknown: [String] = []
    for (text, factor) in rates.sorted(by: { $0.key < $1.key }) {
      if let index = Int(text), layers.indices.contains(index) {
        found[layers[index]] = factor
      } else if layers.contains(text) || text == head {
        found[text] = factor
      } else if text == "head", let head {
        found[head] = factor
      } else {
        unknown.append(text)
      }
    }
    guard unknown.isEmpty else {
      throw UnknownLayers(names: unknown, known: layers, key: "rates", head: head ?? "head")
    }
    return found
  }
}
