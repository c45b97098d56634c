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

  package var summary: TrainingSummary
  /// Steps of this run.
  package var steps: Int
  package var bestEpoch: Int
  package var classAccuracy: [ClassAccuracy]
  package var stateFile: String
  package var historyFile: String
  package var curveFile: String

  private enum CodingKeys: String, CodingKey {
    case steps, bestEpoch, classAccuracy, stateFile, historyFile, curveFile
  }

  package func encode(to encoder: any Encoder) throws {
    try summary.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(steps, forKey: .steps)
    try container.encode(bestEpoch, forKey: .bestEpoch)
    try container.encode(classAccuracy, forKey: .classAccuracy)
    try container.encode(stateFile, forKey: .stateFile)
    try container.encode(historyFile, forKey: .historyFile)
    try container.encode(curveFile, forKey: .curveFile)
  }

  package var text: String {
    let rows = classAccuracy.map { [$0.name, "\($0.samples)", percent($0.before), percent($0.after)] }
    return [
      textTable(["class", "held out", "before", "after"], rows), "",
      "\(steps) steps on \(summary.board), \(number(summary.imagesPerSecond, 1)) images/s",
      "held-out accuracy \(percent(summary.accuracyBefore)) before, \(percent(summary.accuracyAfter)) after",
      "state \(summary.stateHash)", "kept in \(stateFile); history in \(historyFile) and \(curveFile)",
    ].joined(separator: "\n")
  }
}

/// `91.2 %`.
package func percent(_ share: Double) -> String { number(100 * share, 1) + " %" }

/// A number with that many decimals, in every locale.
package func number(_ value: Double, _ decimals: Int) -> String { String(format: "%.\(decimals)f", value) }
