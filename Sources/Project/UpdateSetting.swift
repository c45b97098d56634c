import Boards
import Compiler

/// What learns, as written in a project.
public enum UpdateSetting: Equatable, Codable, Sendable {
  /// A published scheme, `head`, `full`, `bias-K` or `last-K`.
  case named(String)
  /// Biases and weights layer by layer.
  case layers(LayerUpdates)

  /// Biases and weights layer by layer; layers by their number or name.
  public struct LayerUpdates: Equatable, Codable, Sendable {
    public enum Biases: Equatable, Codable, Sendable {
      /// Of so many last layers, those that have one.
      case last(Int)
      case layers([String])
    }

    public var biases: Biases
    public var weights: [String: UpdateScheme.Channels]

    public init(biases: Biases, weights: [String: UpdateScheme.Channels] = [:]) {
      self.biases = biases
      self.weights = weights
    }
  }

  /// The setting as the compiler takes it.
  /// - Parameter layers: the network's layers in order of execution.
  /// - Throws: `UnknownLayers` with every layer that the network has not.
  public func resolved(layers: [UpdatableLayer]) throws(UnknownLayers) -> CompileOptions.Update {
    switch self {
    case .named(let name): return .named(name)
    case .layers(let updates): return .scheme(try updates.scheme(layers: layers))
    }
  }
}

extension UpdateSetting.LayerUpdates {
  fileprivate func scheme(layers: [UpdatableLayer]) throws(UnknownLayers) -> UpdateScheme {
    var unknown: [String] = []
    func index(_ text: String) -> Int? {
      let found = Int(text).flatMap { layers.indices.contains($0) ? $0 : nil }
      guard let index = found ?? layers.firstIndex(where: { $0.name == text }) else {
        unknown.append(text)
        return nil
      }
      return index
    }
    var scheme = UpdateScheme(name: "custom", biases: [])
    switch biases {
    case .last(let count):
      scheme.biases = UpdateScheme.lastBiases(count, of: layers.count).withoutAbsentBiases(of: layers).biases
    case .layers(let names): scheme.biases = Set(names.compactMap(index))
    }
    for (layer, channels) in weights.sorted(by: { $0.key < $1.key }) {
      if let index = index(layer) { scheme.weights[index] = channels }
    }
    guard unknown.isEmpty else { throw UnknownLayers(names: unknown, known: layers.map(\.name)) }
    return scheme
  }
}

/// A setting names layers that the network has not.
public struct UnknownLayers: Error, Equatable, CustomStringConvertible {
  public var names: [String]
  public var known: [String]
  /// The key of the setting.
  public var key: String
  /// The last layer's name, where the setting may name that, too.
  public var head: String?

  public init(names: [String], known: [String], key: String = "update", head: String? = nil) {
    self.names = names
    self.known = known
    self.key = key
    self.head = head
  }

  public var description: String {
    let lines = names.map { name in
      let nearest = nearestNames(to: name, in: known + (head.map { [$0] } ?? []), limit: 1).first
      return "  '\(name)'" + (nearest.map { "; did you mean '\($0)'?" } ?? "")
    }
    let last = max(0, known.count - 1)
    return
      "'\(key)' names layers that the network has not:\n\(lines.joined(separator: "\n"))\n"
      + "layers are numbers 0 to \(last) or names\(head.map { " (the last one is '\($0)')" } ?? ""); list them with: tinysdk inspect MODEL"
  }
}
