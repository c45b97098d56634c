/// One thing wrong in a configuration file.
public struct ConfigurationProblem: Equatable, Codable, Sendable, CustomStringConvertible {
  public var file: String
  /// From 1; nil where the file as a whole is meant.
  public var line: Int?
  public var message: String

  public init(file: String, line: Int? = nil, message: String) {
    self.file = file
    self.line = line
    self.message = message
  }

  public var description: String {
    if let line { "\(file):\(line): \(message)" } else { "\(file): \(message)" }
  }
}

/// Everything wrong in the files that were read, in the order of the files and their lines.
public struct ConfigurationError: Error, Equatable, CustomStringConvertible {
  public var problems: [ConfigurationProblem]

  public init(_ problems: [ConfigurationProblem]) { self.problems = problems }

  public var description: String { problems.map(\.description).joined(separator: "\n") }
}
