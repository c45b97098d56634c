/// Jobs of a build that failed. All of them that could be tried are here, not only the first.
public struct BuildError: Error, Equatable, CustomStringConvertible {
  public struct Failure: Equatable, Sendable {
    public var job: Job
    /// What happened: `exit status 1`.
    public var reason: String
    /// Everything that the tool wrote.
    public var output: String
  }

  public var failures: [Failure]

  public var description: String {
    failures.map { failure in
      let subject = failure.job.inputs.first ?? failure.job.outputs.first ?? ""
      let verb = failure.job.kind == .link ? "link \(failure.job.outputs.first ?? "")" : "compile \(subject)"
      let head = "cannot \(verb): \(failure.job.tool?.program ?? "") ended with \(failure.reason)"
      return failure.output.isEmpty ? head : "\(head)\n\(failure.output)"
    }.joined(separator: "\n")
  }
}

/// A file that a build makes cannot be written.
public struct OutputError: Error, Equatable, CustomStringConvertible {
  public var path: String
  public var reason: String

  public init(path: String, reason: String) {
    self.path = path
    self.reason = reason
  }

  public var description: String { "cannot write \(path): \(reason)" }
}

/// Files that jobs read and that neither exist nor are made by another job.
public struct MissingInputs: Error, Equatable, CustomStringConvertible {
  public var paths: [String]

  public init(paths: [String]) {
    self.paths = paths
  }

  public var description: String {
    "these files to build from do not exist:\n" + paths.map { "  \($0)" }.joined(separator: "\n")
  }
}
