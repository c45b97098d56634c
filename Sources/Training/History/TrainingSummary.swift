import Foundation

/// What `tinysdk train --json` prints: the run, its result, and the history behind it.
public struct TrainingSummary: Codable, Sendable, Equatable {
  /// Raised when a key changes its meaning or goes away.
  public static let schemaVersion = 1

  public var schemaVersion = TrainingSummary.schemaVersion
  public var model: String
  public var board: String
  /// The update scheme by name.
  public var update: String
  public var classes: [String]
  public var learningRate: Double
  public var seed: UInt64
  /// How many samples one epoch trains on, and how many are held out.
  public var samples: Int
  public var heldOutSamples: Int
  /// Shares of the held-out samples, 0 ... 1.
  public var accuracyBefore: Double
  public var accuracyAfter: Double
  public var history: [TrainingHistory.Entry]
  /// Training steps per second of wall time.
  public var imagesPerSecond: Double
  public var elapsedSeconds: Double
  /// SHA-256 of the whole trainable state after the last step.
  public var stateHash: String
  /// `Dataset.contentHash()`, where it was computed.
  public var dataHash: String?

  private enum CodingKeys: String, CodingKey {
    case schemaVersion = "schema_version"
    case model, board, update, classes
    case learningRate = "learning_rate"
    case seed, samples
    case heldOutSamples = "held_out_samples"
    case accuracyBefore = "accuracy_before"
    case accuracyAfter = "accuracy_after"
    case history
    case imagesPerSecond = "images_per_second"
    case elapsedSeconds = "elapsed_seconds"
    case stateHash = "state_hash"
    case dataHash = "data_hash"
  }

  public init(
    model: String, board: String, update: String, classes: [String], learningRate: Double, seed: UInt64,
    samples: Int, heldOutSamples: Int, accuracyBefore: Double, accuracyAfter: Double,
    history: [TrainingHistory.Entry], imagesPerSecond: Double, elapsedSeconds: Double, stateHash: String,
    dataHash: String? = nil
  ) {
    self.model = model
    self.board = board
    self.update = update
    self.classes = classes
    self.learningRate = learningRate
    self.seed = seed
    self.samples = samples
    self.heldOutSamples = heldOutSamples
    self.accuracyBefore = accuracyBefore
    self.accuracyAfter = accuracyAfter
    self.history = history
    self.imagesPerSecond = imagesPerSecond
    self.elapsedSeconds = elapsedSeconds
    self.stateHash = stateHash
    self.dataHash = dataHash
  }

  /// The summary as indented JSON with sorted keys and a line end.
  /// - Throws: `EncodingError` where a number other than a loss is not finite.
  public func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
  }
}
