import Foundation
import ImageBuild
import Training

/// What `tinysdk train` reports: the summary, and where it left the results.
package struct TrainReport: Encodable, Sendable {
  /// The held-out accuracy on one class.
  package struct ClassAccuracy: Encodable, Equatable, Sendable {
    package var name: String
    package var samples: Int
    package var before: Double
    package var after: Double
  }

  /// Instructions, and the time that a core at its highest clock takes for them at one a cycle.
  package struct Cost: Encodable, Equatable, Sendable {
    package var instructions: UInt64
    /// In Hz; `nil` where the board does not say.
    package var clock: Int?

    package var modelledSeconds: Double? { clock.map { Double(instructions) / Double(max($0, 1)) } }

    private enum CodingKeys: String, CodingKey { case instructions, clock, modelledSeconds }

    package func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(instructions, forKey: .instructions)
      try container.encodeIfPresent(clock, forKey: .clock)
      try container.encodeIfPresent(modelledSeconds, forKey: .modelledSeconds)
    }
  }

  package var summary: TrainingSummary
  /// Steps of this run.
  package var steps: Int
  package var bestEpoch: Int
  package var classAccuracy: [ClassAccuracy]
  /// A row for each class: how many of its held-out samples were taken for each class after the last step.
  package var confusion: [[Int]]
  /// What the image says of its last steps and its guard; zeros from an image without evaluation or guard.
  package var learning: LearningStatus
  /// The image has a guard.
  package var isGuarded: Bool
  /// What the steps of this run took; `nil` unless the device measured.
  package var cost: Cost?
  package var stateFile: String
  package var historyFile: String
  package var curveFile: String

  private enum CodingKeys: String, CodingKey {
    case steps, bestEpoch, classAccuracy, confusion, learning, cost, stateFile, historyFile, curveFile
  }

  package func encode(to encoder: any Encoder) throws {
    try summary.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(steps, forKey: .steps)
    try container.encode(bestEpoch, forKey: .bestEpoch)
    try container.encode(classAccuracy, forKey: .classAccuracy)
    try container.encode(confusion, forKey: .confusion)
    try container.encode(learning, forKey: .learning)
    try container.encodeIfPresent(cost, forKey: .cost)
    try container.encode(stateFile, forKey: .stateFile)
    try container.encode(historyFile, forKey: .historyFile)
    try container.encode(curveFile, forKey: .curveFile)
  }

  package var text: String {
    let rows = classAccuracy.map { [$0.name, "\($0.samples)", percent($0.before), percent($0.after)] }
    return
      ([textTable(["class", "held out", "before", "after"], rows), ""] + confusionLines + learningLines + [
        "\(steps) steps on \(summary.board), \(number(summary.imagesPerSecond, 1)) images/s"
      ] + costLines + [
        "held-out accuracy \(percent(summary.accuracyBefore)) before, \(percent(summary.accuracyAfter)) after",
        "state \(summary.stateHash)", "kept in \(stateFile); history in \(historyFile) and \(curveFile)",
      ]).joined(separator: "\n")
  }

  /// More columns than these are for `--json`.
  private static let widestTable = 16

  private var confusionLines: [String] {
    guard confusion.count <= Self.widestTable, confusion.count == classAccuracy.count else { return [] }
    let names = classAccuracy.map(\.name)
    let rows = zip(names, confusion).map { name, row in [name] + row.map(String.init) }
    return ["Taken for, after:", textTable(["class"] + names, rows), ""]
  }

  private var costLines: [String] {
    guard let cost else { return [] }
    let time = cost.modelledSeconds.map { seconds in
      ": \(number(seconds, 1)) s (\(number(seconds / 60, 2)) min) at \((cost.clock ?? 0) / 1_000_000) MHz and one a cycle"
    }
    return ["their \(number(Double(cost.instructions) / 1e6, 1)) million instructions\(time ?? "")"]
  }

  private var learningLines: [String] {
    let window =
      learning.windowSteps == 0
      ? []
      : [
        "last \(learning.windowSteps) steps: loss \(number(Double(learning.windowLoss), 4)), "
          + "\(percent(Double(learning.windowCorrect) / Double(learning.windowSteps))) right before the step"
      ]
    let states =
      isGuarded
      ? [
        "guard: \(learning.restored) times back to the last good state, which was renewed \(learning.kept) times"
      ]
      : []
    return window + states
  }
}

/// `91.2 %`.
package func percent(_ share: Double) -> String { number(100 * share, 1) + " %" }

/// A number with that many decimals, in every locale.
package func number(_ value: Double, _ decimals: Int) -> String { String(format: "%.\(decimals)f", value) }
