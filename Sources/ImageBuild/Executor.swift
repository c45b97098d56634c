import FoundationEssentials
import Subprocess

#if canImport(System)
  import System
#else
  import SystemPackage
#endif

/// Carries out jobs: those whose inputs, command line or tool have changed since the last time, several at
/// once, each output appearing as a whole or not at all.
public struct Executor: Sendable {
  /// What an executor tells while it works.
  public enum Event: Equatable, Sendable {
    case started(Job)
    /// The job is done; the text is what its tool said, warnings for instance.
    case finished(Job, output: String)
    case skipped(Job)
  }

  /// How much work a build was.
  public struct Summary: Equatable, Codable, Sendable {
    public var ran: Int
    public var skipped: Int

    public init(ran: Int, skipped: Int) {
      self.ran = ran
      self.skipped = skipped
    }
  }

  /// Where the state of the build and unfinished outputs are kept.
  public var directory: String
  /// The most jobs at once.
  public var parallelism: Int
  public var tools: ToolLocator

  public init(
    directory: String, parallelism: Int = ProcessInfo.processInfo.activeProcessorCount,
    tools: ToolLocator = ToolLocator()
  ) {
    self.directory = directory
    self.parallelism = max(1, parallelism)
    self.tools = tools
  }

  private var stateFile: String { "\(directory)/build-state.json" }
  private var stagingFolder: String { "\(directory)/.staging" }

  /// Runs what has to be run. Cancelling the task ends the tools with their process groups and leaves no
  /// half-written output.
  /// - Parameter onEvent: called as things happen, from this function.
  /// - Throws: `MissingInputs`, `MissingTool`, `OutputError`, `BuildError`, `CancellationError`
  @discardableResult
  public func run(_ jobs: [Job], onEvent: (Event) -> Void = { _ in }) async throws -> Summary {
    try checkInputs(of: jobs)
    try makeFolder(stagingFolder)
    var progress = Progress(jobs: jobs, state: BuildState(contentsOf: stateFile))
    defer { try? FileManager.default.removeItem(atPath: stagingFolder) }
    do {
      try await work(&progress, onEvent)
    } catch {
      try save(progress.state)
      throw error
    }
    try save(progress.state)
    guard progress.failures.isEmpty else { throw BuildError(failures: progress.failures) }
    return progress.summary
  }

  private func work(_ progress: inout Progress, _ onEvent: (Event) -> Void) async throws {
    try await withThrowingTaskGroup(of: Outcome.self) { group in
      var running = 0
      while true {
        while running < parallelism, let (number, job) = progress.nextReady() {
          let signature = try signature(of: job)
          if progress.state.isCurrent(job, signature: signature, &progress.hashes) {
            progress.finish(number)
            progress.summary.skipped += 1
            onEvent(.skipped(job))
            continue
          }
          onEvent(.started(job))
          running += 1
          group.addTask { try await perform(job, number, signature) }
        }
        guard let outcome = try await group.next() else { return }
        running -= 1
        if let event = record(outcome, &progress) { onEvent(event) }
      }
    }
  }

  private func record(_ outcome: Outcome, _ progress: inout Progress) -> Event? {
    guard outcome.failure == nil else {
      progress.failures += [outcome.failure].compactMap(\.self)
      return nil
    }
    let job = progress.jobs[outcome.number]
    progress.hashes.forget(job.outputs)
    progress.finish(outcome.number)
    progress.summary.ran += 1
    progress.remember(job, signature: outcome.signature)
    return .finished(job, output: outcome.output)
  }

  /// Runs one job in a staging folder of its own and moves what it made into place.
  private func perform(_ job: Job, _ number: Int, _ signature: String) async throws -> Outcome {
    var outcome = Outcome(number: number, signature: signature, output: "")
    guard let tool = job.tool, let first = job.outputs.first else {
      for path in job.outputs { try writeAtomically(Data((job.text ?? "").utf8), to: path) }
      return outcome
    }
    let folder = "\(stagingFolder)/\(number)"
    try makeFolder(folder)
    func staged(_ path: String) -> String {
      job.outputs.contains(path) ? "\(folder)/\(path.lastComponent)" : path
    }
    let result = try await Subprocess.run(
      .path(FilePath(try tools.locate(tool))),
      arguments: Arguments(job.arguments.map { $0.word(mapping: staged) }),
      platformOptions: ownProcessGroup(), output: .string(limit: 1 << 22), error: .combinedWithOutput)
    try Task.checkCancellation()
    outcome.output = result.standardOutput
    guard result.terminationStatus.isSuccess, FileManager.default.fileExists(atPath: staged(first)) else {
      outcome.failure = BuildError.Failure(
        job: job, reason: result.terminationStatus.text, output: outcome.output)
      return outcome
    }
    for path in job.outputs where FileManager.default.fileExists(atPath: staged(path)) {
      try moveIntoPlace(staged(path), path)
    }
    return outcome
  }

  /// Everything about a job but the content of its inputs. A tool counts as changed when its file has.
  private func signature(of job: Job) throws -> String {
    var parts = job.commandLine + [job.text ?? ""]
    if let tool = job.tool {
      let path = try tools.locate(tool)
      let attributes = try? FileManager.default.attributesOfItem(
        atPath: URL(filePath: path).resolvingSymlinksInPath().path)
      let date = (attributes?[.modificationDate] as? Date)?.timeIntervalSinceReferenceDate ?? 0
      parts += [path, "\((attributes?[.size] as? UInt64) ?? 0)", "\(date)"]
    }
    return contentHash(Data(parts.joined(separator: "\0").utf8))
  }

  private func checkInputs(of jobs: [Job]) throws(MissingInputs) {
    let made = Set(jobs.flatMap(\.outputs))
    let missing = Set(jobs.flatMap(\.inputs)).subtracting(made)
      .filter { !FileManager.default.fileExists(atPath: $0) }
    guard missing.isEmpty else { throw MissingInputs(paths: missing.sorted()) }
  }

  private func save(_ state: BuildState) throws(OutputError) {
    do {
      try state.write(to: stateFile)
    } catch {
      throw OutputError(path: stateFile, reason: "\(error)")
    }
  }

  private struct Outcome: Sendable {
    var number: Int
    var signature: String
    var output: String
    var failure: BuildError.Failure?
  }

  /// What a run has done so far.
  private struct Progress {
    let jobs: [Job]
    var state: BuildState
    var hashes = FileHashes()
    var failures: [BuildError.Failure] = []
    var summary = Summary(ran: 0, skipped: 0)
    private var waiting: [Int]
    private var unmade: Set<String>

    init(jobs: [Job], state: BuildState) {
      self.jobs = jobs
      self.state = state
      waiting = Array(jobs.indices)
      unmade = Set(jobs.flatMap(\.outputs))
    }

    /// The first job whose inputs are all there.
    mutating func nextReady() -> (Int, Job)? {
      guard let index = waiting.firstIndex(where: { jobs[$0].inputs.allSatisfy { !unmade.contains($0) } })
      else { return nil }
      let number = waiting.remove(at: index)
      return (number, jobs[number])
    }

    mutating func finish(_ number: Int) {
      unmade.subtract(jobs[number].outputs)
    }

    mutating func remember(_ job: Job, signature: String) {
      guard let key = job.outputs.first else { return }
      let headers = job.dependencies.flatMap { FileManager.default.contents(atPath: $0) }
        .map { prerequisites(ofMakeRule: String(decoding: $0, as: UTF8.self)) }
      let inputs = hashed(Set(job.inputs + (headers ?? [])))
      let outputs = hashed(Set(job.outputs))
      state.records[key] = BuildState.Record(signature: signature, inputs: inputs, outputs: outputs)
    }

    private mutating func hashed(_ paths: Set<String>) -> [String: String] {
      var result: [String: String] = [:]
      for path in paths { result[path] = hashes.hash(of: path) }
      return result
    }
  }
}
