/// Data that cannot be used: everything wrong of one kind, found in one pass.
public struct DatasetError: Error, Equatable, CustomStringConvertible {
  /// One thing that is wrong and where it is.
  public struct Problem: Error, Equatable, Sendable, CustomStringConvertible {
    /// A path, `path:line` for text, or `path: array[row]` for arrays.
    public let location: String
    public let reason: String

    public init(_ location: String, _ reason: String) {
      self.location = location
      self.reason = reason
    }

    public var description: String { "\(location): \(reason)" }
  }

  public let problems: [Problem]
  /// What to do next.
  public let advice: String

  /// A description lists at most this many problems and then says how many more there are.
  static let listed = 20

  public init(_ problems: [Problem], advice: String) {
    self.problems = problems
    self.advice = advice
  }

  init(_ location: String, _ reason: String, advice: String) {
    self.init([Problem(location, reason)], advice: advice)
  }

  public var description: String {
    var lines = problems.prefix(Self.listed).map(\.description)
    if problems.count > 1 { lines.insert("\(problems.count) problems in the data:", at: 0) }
    if problems.count > Self.listed { lines.append("... and \(problems.count - Self.listed) more") }
    return (lines + [advice]).joined(separator: "\n")
  }
}
