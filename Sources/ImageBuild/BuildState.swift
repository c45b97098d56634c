import FoundationEssentials

/// What earlier builds did: enough to tell whether a job would make the same again.
struct BuildState: Equatable, Codable {
  struct Record: Equatable, Codable {
    /// Hash of the command line, the tool's identity and a written text.
    var signature: String
    /// Content hashes of everything that was read.
    var inputs: [String: String]
    /// Content hashes of everything that was made.
    var outputs: [String: String]
  }

  private static let version = 1
  private var version = Self.version
  /// By the job's first output.
  var records: [String: Record] = [:]

  init() {}

  /// Reads the state of an earlier build; an unreadable or foreign file counts as none.
  init(contentsOf file: String) {
    guard let data = FileManager.default.contents(atPath: file),
      let state = try? JSONDecoder().decode(BuildState.self, from: data), state.version == Self.version
    else { return }
    self = state
  }

  func write(to file: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
    try encoder.encode(self).write(to: URL(filePath: file), options: .atomic)
  }

  /// The job has run like this before, and everything it read and made is unchanged.
  func isCurrent(_ job: Job, signature: String, _ hashes: inout FileHashes) -> Bool {
    guard let key = job.outputs.first, let record = records[key], record.signature == signature else {
      return false
    }
    return record.inputs.merging(record.outputs) { $1 }.allSatisfy { hashes.hash(of: $0.key) == $0.value }
  }
}
