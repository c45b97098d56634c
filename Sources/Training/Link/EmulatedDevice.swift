import Boards
import ImageBuild

/// Starts an image in its board's emulator, greets it, runs `body` with it, and ends it.
///
/// However this returns, the emulator and its pipes are gone.
///
/// - Parameters:
///   - image: the ELF file.
///   - transport: by name, as the image was built with; nil takes the board's first.
///   - model: what the image must be.
///   - measuring: count instructions (slower): of each sample, and of each operator where the image was
///   built for it.
///   - limit: the longest it may take; nil waits for ever.
///   - console: receives each line that the program or the emulator prints.
///   - body: works with the device; quitting is done for it.
/// - Returns: what `body` returned, and the exit code of the device's main.
/// - Throws: `LinkError`, with the exit code and the last lines of the console where the device ended by
///   itself; `NotEmulated`,
///   `MissingTool`, `EmulatorTimeout`, `CancellationError`, or what `body` throws.
public func withEmulatedDevice<Value: Sendable>(
  _ image: String, board: Board, transport: String? = nil, expecting model: ModelInterface,
  measuring: Bool = false, limit: Duration? = nil,
  console: @escaping @Sendable (String) -> Void = { _ in },
  body: @escaping @Sendable (DeviceSession) async throws -> Value
) async throws -> (value: Value, exitCode: Int32) {
  let pipes = try LinkPipes()
  defer { pipes.remove() }
  let link = try PipeTransport(pipes)
  defer { link.close() }
  let isSerial = (transport ?? board.transports.first?.name) == "uart"
  let plan = try EmulatorPlan(
    board: board, image: image, semihostingArguments: isSerial ? [] : pipes.semihostingArguments,
    countsInstructions: measuring, serialPipe: isSerial ? pipes.serialPath : nil)
  let lastLines = ConsoleTail(limit: 20)
  let show: @Sendable (String) -> Void = { line in
    lastLines.append(line)
    console(line)
  }
  do {
    let run = try await withEmulator(plan, limit: limit, onLine: show) {
      try await outcome(closing: link) {
        let session = try await DeviceSession.connect(
          over: link, expecting: model, pace: isSerial ? .serial : .reliable,
          measuring: measuring, console: show)
        let value = try await body(session)
        return (value, try await session.quit())
      }
    }
    return try finish(run.result, run.exit, lastLines)
  } catch is EmulatorEnded {
    throw LinkError.deviceEnded(exitCode: nil, console: lastLines.text)
  }
}

/// What `work` led to. Where the device ended by itself that is no error yet: only the emulator's end tells
/// the exit code. Every other error ends the emulator.
private func outcome<Value: Sendable>(
  closing link: PipeTransport, _ work: () async throws -> Value
) async throws -> Result<Value, LinkError> {
  defer { link.close() }
  do {
    return .success(try await work())
  } catch let error as LinkError where error.isEndOfDevice {
    return .failure(error)
  }
}

private func finish<Value>(
  _ outcome: Result<(Value, Int32), LinkError>, _ exit: EmulatorExit, _ lastLines: ConsoleTail
) throws(LinkError) -> (value: Value, exitCode: Int32) {
  switch outcome {
  case .success(let (value, exitCode)): return (value, exitCode)
  case .failure(.deviceEnded): throw .deviceEnded(exitCode: exit.code, console: lastLines.text)
  case .failure(let error): throw error
  }
}

extension LinkError {
  fileprivate var isEndOfDevice: Bool {
    switch self {
    case .deviceEnded, .deviceFault: true
    default: false
    }
  }
}

extension EmulatorExit {
  /// As a shell gives it: 128 more than the signal.
  fileprivate var code: Int32 {
    switch self {
    case .exited(let code): code
    case .signaled(let signal): 128 + signal
    }
  }
}
