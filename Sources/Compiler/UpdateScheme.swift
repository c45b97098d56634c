/// What learns: the biases of some layers, the weights of some input channels of some layers, and always
/// the head.
///
/// Layers are counted in order of execution, the first convolution being 0, the head excluded.
public struct UpdateScheme: Sendable, Hashable, Codable {
  /// Which input channels of a layer's weights learn.
  public enum Channels: Sendable, Hashable, Codable {
    /// That fraction of the input channels, those of largest weight norm first.
    case fraction(Double)
    /// Exactly these positions on the weight's input-channel axis (the channel axis, where depthwise).
    case list([Int])
  }

  /// How the scheme is called in reports; a published one has its published name.
  public var name: String
  /// Layers whose biases learn.
  public var biases: Set<Int>
  /// Layers whose weights learn.
  public var weights: [Int: Channels]

  public init(name: String, biases: Set<Int>, weights: [Int: Channels] = [:]) {
    self.name = name
    self.biases = biases
    self.weights = weights
  }

  /// Only the head learns.
  public static let headOnly = UpdateScheme(name: "head", biases: [])

  /// The biases of the last `count` of `layers` layers.
  public static func lastBiases(_ count: Int, of layers: Int) -> UpdateScheme {
    UpdateScheme(name: "bias-\(count)", biases: Set((layers - min(count, layers))..<layers))
  }

  /// Weights and biases of the last `count` of `layers` layers.
  public static func last(_ count: Int, of layers: Int) -> UpdateScheme {
    let range = (layers - min(count, layers))..<layers
    return UpdateScheme(
      name: "last-\(count)", biases: Set(range),
      weights: Dictionary(uniqueKeysWithValues: range.map { ($0, .fraction(1)) }))
  }

  /// Everything learns.
  public static func full(_ layers: Int) -> UpdateScheme {
    var scheme = last(layers, of: layers)
    scheme.name = "full"
    return scheme
  }

  /// The scheme without the biases of layers that have none: what a name or a number of last layers means for
  /// a network. A list of layers says more than that, and is refused where it asks for what is not there.
  public func withoutAbsentBiases(of layers: [UpdatableLayer]) -> UpdateScheme {
    var scheme = self
    scheme.biases = biases.filter { !layers.indices.contains($0) || layers[$0].bias != nil }
    return scheme
  }
}

/// A share is written as a number, a list as a list.
extension UpdateScheme.Channels {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let share = try? container.decode(Double.self) {
      self = .fraction(share)
    } else {
      self = .list(try container.decode([Int].self))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .fraction(let share): try container.encode(share)
    case .list(let list): try container.encode(list)
    }
  }
}
