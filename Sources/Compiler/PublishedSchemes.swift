/// A sparse update scheme of "On-Device Training Under 256KB Memory" (NeurIPS 2022), as its code publishes
/// them (mit-han-lab/tiny-training, compilation/mcu_ir_gen.py).
public struct PublishedScheme: Sendable, Equatable {
  /// The network it was found for.
  public var network: String
  /// How many layers that network has without its classifier: what tells the networks apart.
  public var layers: Int
  public var scheme: UpdateScheme

  init(_ network: String, layers: Int, _ name: String, biases: Int, weights: [Int: Double]) {
    self.network = network
    self.layers = layers
    scheme = .lastBiases(biases, of: layers)
    scheme.name = name
    scheme.weights = weights.mapValues { .fraction($0) }
  }
}

/// The ten published schemes, smallest first within each network.
public let publishedSchemes: [PublishedScheme] = [
  .init("MCUNet-5FPS", layers: 42, "49KB", biases: 20, weights: [24: 0.25, 27: 0.5, 30: 0.5]),
  .init("MCUNet-5FPS", layers: 42, "74KB", biases: 21, weights: [21: 1, 24: 1, 27: 0.5, 30: 1]),
  .init(
    "MCUNet-5FPS", layers: 42, "99KB", biases: 22,
    weights: [21: 1, 24: 1, 27: 1, 30: 1, 36: 0.125, 39: 0.25]),
  .init(
    "MCUNet-5FPS", layers: 42, "124KB", biases: 24,
    weights: [21: 0.25, 24: 1, 27: 1, 30: 1, 33: 0.5, 39: 0.5]),
  .init(
    "MCUNet-5FPS", layers: 42, "148KB", biases: 23, weights: [21: 1, 24: 1, 27: 1, 30: 1, 36: 1, 39: 0.5]),
  .init(
    "MobileNetV2-w0.35", layers: 51, "49KB", biases: 16,
    weights: [36: 1, 39: 1, 41: 0.25, 42: 0.125, 45: 0.125, 48: 0.125, 49: 0.125]),
  .init(
    "MobileNetV2-w0.35", layers: 51, "73KB", biases: 20,
    weights: [32: 0.125, 33: 0.5, 36: 0.5, 39: 1, 41: 0.25, 42: 0.125, 45: 0.125, 48: 1]),
  .init(
    "MobileNetV2-w0.35", layers: 51, "99KB", biases: 25,
    weights: [27: 1, 30: 1, 33: 1, 36: 1, 39: 1, 42: 0.125, 45: 0.5, 48: 1]),
  .init(
    "MobileNetV2-w0.35", layers: 51, "123KB", biases: 31,
    weights: [27: 1, 30: 1, 33: 1, 36: 1, 39: 1, 42: 0.5, 45: 1, 48: 1]),
  .init(
    "MobileNetV2-w0.35", layers: 51, "138KB", biases: 34,
    weights: [27: 1, 30: 1, 33: 1, 36: 1, 39: 1, 42: 1, 45: 1, 48: 1]),
]

extension UpdateScheme {
  /// The scheme that `text` names for a network of `layers` layers: a published name (`49KB`), `head`,
  /// `full`, `bias-K` or `last-K`. Biases that the network has not are for `withoutAbsentBiases` to drop.
  /// - Throws: `CompilerError.unknownScheme` with the names that this network has.
  public init(named text: String, layers: Int) throws {
    let published = publishedSchemes.filter { $0.layers == layers }
    if let match = published.first(where: { $0.scheme.name.lowercased() == text.lowercased() }) {
      self = match.scheme
    } else if text == "head" {
      self = .headOnly
    } else if text == "full" {
      self = .full(layers)
    } else if let count = Self.count(in: text, after: "bias-"), count <= layers {
      self = .lastBiases(count, of: layers)
    } else if let count = Self.count(in: text, after: "last-"), count <= layers {
      self = .last(count, of: layers)
    } else {
      throw CompilerError.unknownScheme(
        text, layers: layers,
        known: published.map(\.scheme.name) + ["head", "full", "bias-K", "last-K (K up to \(layers))"])
    }
  }

  private static func count(in text: String, after prefix: String) -> Int? {
    guard text.hasPrefix(prefix), let count = Int(text.dropFirst(prefix.count)), count >= 0 else {
      return nil
    }
    return count
  }
}
