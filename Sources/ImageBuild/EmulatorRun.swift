import Subprocess

#if canImport(System)
  import System
#else
  import SystemPackage
#endif

/// How an emulator ended.
public enum EmulatorExit: Equatable, Sendable {
  /// With the image's own exit code, where it ended by semihosting.
  case exited(Int32)
  case signaled(Int32)
}

/// The emulator did not end in time and was ended.
public struct EmulatorTimeout: Error, Equatable, CustomStringConvertible {
  public var limit: Duration

  public init(limit: Duration) {
    self.limit = limit
  }

  public var description: String { "the emulated image has not ended after \(limit)" }
}

/// The emulator ended before what ran beside it was done.
public struct EmulatorEnded: Error, Equatable, CustomStringConvertible {
  public init() {
  }

  public var description: String { "the emulator ended before the work with it was done; see its console" }
}

/// Starts the emulator, runs `body` beside it, and waits for the emulator to end.
///
/// Cancelling the task, reaching `limit`, or an error from `body` ends the emulator's whole process group.
/// When the emulator ends by itself, `body` is left two seconds to read what is still in its pipes, then
/// cancelled.
/// - Parameters:
///   - limit: the longest time it may take; nil waits for ever.
///   - onLine: called with each line of the console as it comes.
///   - body: talks to the image; its error is thrown once the emulator has gone.
/// - Throws: `MissingTool`, `EmulatorTimeout`, `EmulatorEnded`, `CancellationError`, or what `body` throws.
public func withEmulator<Result: Sendable>(
  _ plan: EmulatorPlan, limit: Duration? = nil, tools: ToolLocator = ToolLocator(),
  onLine: @escaping @Sendable (String) -> Void,
  body: @escaping @Sendable () async throws -> Result
) async throws -> (result: Result, exit: EmulatorExit) {
  let program = FilePath(try tools.locate(plan.tool))
  return try await within(limit) {
    let run = try await Subprocess.run(
      .path(program), arguments: Arguments(plan.arguments), platformOptions: ownProcessGroup(),
      input: .none, output: .sequence, error: .combinedWithOutput
    ) { execution in
      do {
        return try await beside(body) {
          for try await line in execution.standardOutput.strings() { onLine(line) }
        }
      } catch {
        await execution.teardown(using: ownProcessGroup().teardownSequence)
        throw error
      }
    }
    try Task.checkCancellation()
    switch run.terminationStatus {
    case .exited(let code): return (run.closureResult, .exited(code))
    case .signaled(let signal): return (run.closureResult, .signaled(signal))
    }
  }
}

/// Runs the image to its end.
/// - Returns: how it ended; its exit code is the image's.
/// - Throws: `MissingTool`, `EmulatorTimeout`, `CancellationError`
public func runEmulator(
  _ plan: EmulatorPlan, limit: Duration? = nil, tools: ToolLocator = ToolLocator(),
  onLine: @escaping @Sendable (String) -> Void
) async throws -> EmulatorExit {
  try await withEmulator(plan, limit: limit, tools: tools, onLine: onLine) {}.exit
}

/// Runs `body` beside `console`, which ends with the emulator.
private func beside<Result: Sendable>(
  _ body: @escaping @Sendable () async throws -> Result, console: @escaping @Sendable () async throws -> Void
) async throws -> Result {
  try await withThrowingTaskGroup(of: Result?.self) { group in
    group.addTask {
      try await console()
      return nil
    }
    group.addTask { try await body() }
    defer { group.cancelAll() }
    if let first = try await group.next(), let result = first {
      while try await group.next() != nil {}
      return result
    }
    group.addTask {
      try await Task.sleep(for: .seconds(2))
      return nil
    }
    guard let last = try await group.next(), let result = last else { throw EmulatorEnded() }
    return result
  }
}

private func within<Result: Sendable>(
  _ limit: Duration?, _ body: @escaping @Sendable () async throws -> Result
) async throws -> Result {
  guard let limit else { return try await body() }
  return try await withThrowingTaskGroup(of: Result?.self) { group in
    group.addTask { try await body() }
    group.addTask {
      try await Task.sleep(for: limit)
      return nil
    }
    defer { group.cancelAll() }
    guard let first = try await group.next(), let result = first else { throw EmulatorTimeout(limit: limit) }
    return result
  }
}
