import Foundation

/// Results of trials in a folder, one file each, named by the content of the trial: what was once measured
/// is never measured again, and several processes may fill one store.
public struct TrialStore: Sendable {
  public var folder: String

  public init(folder: String) {
    self.folder = folder
  }

  /// A stored result; nil where there is none, or none that can be read.
  func result(_ key: String) -> TrialResult? {
    guard let data = FileManager.default.contents(atPath: path(key)) else { return nil }
    return try? JSONDecoder().decode(TrialResult.self, from: data)
  }

  /// - Throws: `AtomicFile.Failure`.
  func keep(_ result: TrialResult, as key: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    try AtomicFile.write(try encoder.encode(result), to: path(key))
  }

  private func path(_ key: String) -> String { "\(folder)/\(key).json" }
}
