import Foundation

/// How a training went, epoch by epoch.
public struct TrainingHistory: Codable, Sendable, Equatable {
  public struct Entry: Sendable, Equatable {
    /// Counted from 1.
    public let epoch: Int
    /// The mean loss over the epoch's training steps; a NaN or an infinity is `null` in JSON.
    public let loss: Double
    /// The share of held-out samples classified right after the epoch, 0 ... 1.
    public let accuracy: Double
    /// How many samples the epoch trained on.
    public let samples: Int

    public init(epoch: Int, loss: Double, accuracy: Double, samples: Int) {
      self.epoch = epoch
      self.loss = loss
      self.accuracy = accuracy
      self.samples = samples
    }
  }

  /// The accuracy on the held-out samples before the first step, 0 ... 1.
  public var accuracyBefore: Double?
  public var entries: [Entry]

  public init(accuracyBefore: Double? = nil, entries: [Entry] = []) {
    self.accuracyBefore = accuracyBefore
    self.entries = entries
  }

  /// `epoch,loss,accuracy,samples`, one line per epoch; the accuracy before training is epoch 0, without a
  /// loss.
  public var csv: String {
    let before = accuracyBefore.map { "0,,\(decimal($0)),0" }
    let rows = entries.map { "\($0.epoch),\(decimal($0.loss)),\(decimal($0.accuracy)),\($0.samples)" }
    return (["epoch,loss,accuracy,samples"] + [before].compactMap { $0 } + rows).map { $0 + "\n" }.joined()
  }
}

extension TrainingHistory.Entry: Codable {
  private enum CodingKeys: String, CodingKey {
    case epoch, loss, accuracy, samples
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      epoch: try container.decode(Int.self, forKey: .epoch),
      loss: try container.decode(Double?.self, forKey: .loss) ?? .nan,
      accuracy: try container.decode(Double.self, forKey: .accuracy),
      samples: try container.decode(Int.self, forKey: .samples))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(epoch, forKey: .epoch)
    try container.encode(loss.isFinite ? loss : nil, forKey: .loss)
    try container.encode(accuracy, forKey: .accuracy)
    try container.encode(samples, forKey: .samples)
  }
}
