/// A conversation with one image over one transport.
///
/// Requests go out in the order of the calls. Where the transport loses nothing, up to `Pace.window` of
/// them are on their way at a time; on a serial line it is one, and it is repeated when it, or its reply,
/// arrives damaged.
public actor DeviceSession {
  /// How much a transport can be trusted.
  public struct Pace: Sendable {
    /// Requests that may wait for their reply at a time.
    public var window: Int
    /// How often a damaged frame is repeated before that is an error.
    public var repetitions: Int

    public init(window: Int, repetitions: Int) {
      self.window = window
      self.repetitions = repetitions
    }

    /// Pipes: bytes arrive as they were sent.
    public static let reliable = Pace(window: 8, repetitions: 0)
    /// Serial lines.
    public static let serial = Pace(window: 1, repetitions: 8)
  }

  public nonisolated let model: ModelInterface
  /// What the image can measure; set by the greeting.
  public internal(set) var measurements = Measurements(operators: 0, unit: .none)
  let pace: Pace

  private struct Outstanding {
    var request: Frame
    var repetitions = 0
    var outcome: Result<Frame, any Error>?
    var waiter: CheckedContinuation<Frame, any Error>?
  }

  private let transport: any ByteTransport
  private let console: @Sendable (String) -> Void
  private var decoder = FrameDecoder()
  private var outstanding: [UInt16: Outstanding] = [:]
  private var waitingForRoom: [CheckedContinuation<Void, Never>] = []
  private var lastSequence: UInt16 = 0
  private var failure: (any Error)?
  private var reader: Task<Void, Never>?

  init(
    over transport: any ByteTransport, model: ModelInterface, pace: Pace,
    console: @escaping @Sendable (String) -> Void
  ) {
    self.transport = transport
    self.model = model
    self.pace = pace
    self.console = console
  }

  func startReading() {
    reader = Task { await read() }
  }

  /// Ends the session without a word to the device, which sees the end of its input. Calls under way throw
  /// `LinkError.closed`. Harmless when repeated.
  public func close() {
    transport.close()
    fail(LinkError.closed)
  }

  /// One request and its reply.
  func request(_ kind: Frame.Kind, _ payload: [UInt8] = []) async throws -> Frame {
    try await reply(to: post(kind, payload))
  }

  /// Requests one after the other without waiting for each reply, as far as the window allows.
  func requests<Item>(_ kind: Frame.Kind, _ items: [Item], payload: (Item) -> [UInt8]) async throws -> [Frame]
  {
    var posted: [UInt16] = []
    var replies: [Frame] = []
    do {
      for item in items {
        if posted.count - replies.count >= pace.window {
          replies.append(try await reply(to: posted[replies.count]))
        }
        posted.append(try await post(kind, payload(item)))
      }
      while replies.count < posted.count {
        replies.append(try await reply(to: posted[replies.count]))
      }
    } catch {
      for sequence in posted.dropFirst(replies.count) { abandon(sequence, error) }
      throw error
    }
    return replies
  }

  private var underWay: Int { outstanding.values.count { $0.outcome == nil } }

  private func post(_ kind: Frame.Kind, _ payload: [UInt8]) async throws -> UInt16 {
    while failure == nil, underWay >= pace.window {
      await withCheckedContinuation { waitingForRoom.append($0) }
    }
    if let failure { throw failure }
    lastSequence = lastSequence == .max ? 1 : lastSequence + 1
    let frame = Frame(kind, sequence: lastSequence, payload: payload)
    outstanding[lastSequence] = Outstanding(request: frame)
    transport.send(frame.encoded())
    return lastSequence
  }

  private func reply(to sequence: UInt16) async throws -> Frame {
    try await withTaskCancellationHandler {
      try Task.checkCancellation()
      return try await withCheckedThrowingContinuation { waiter in
        switch outstanding[sequence]?.outcome {
        case .some(let outcome):
          outstanding[sequence] = nil
          waiter.resume(with: outcome)
        case nil where outstanding[sequence] == nil:
          waiter.resume(throwing: failure ?? CancellationError())
        case nil:
          outstanding[sequence]?.waiter = waiter
        }
      }
    } onCancel: {
      Task { await self.abandon(sequence, CancellationError()) }
    }
  }

  /// Its reply, should it come, is ignored.
  private func abandon(_ sequence: UInt16, _ reason: any Error) {
    let entry = outstanding.removeValue(forKey: sequence)
    entry?.waiter?.resume(throwing: reason)
    makeRoom()
  }

  private func settle(_ sequence: UInt16, _ outcome: Result<Frame, any Error>) {
    guard let entry = outstanding[sequence], entry.outcome == nil else { return }
    if let waiter = entry.waiter {
      outstanding[sequence] = nil
      waiter.resume(with: outcome)
    } else {
      outstanding[sequence]?.outcome = outcome
    }
    makeRoom()
  }

  private func makeRoom() {
    guard !waitingForRoom.isEmpty else { return }
    waitingForRoom.removeFirst().resume()
  }

  private func fail(_ reason: any Error) {
    if failure == nil { failure = reason }
    for sequence in outstanding.keys { settle(sequence, .failure(failure ?? reason)) }
    let waiting = waitingForRoom
    waitingForRoom = []
    for waiter in waiting { waiter.resume() }
  }

  private func read() async {
    do {
      for try await piece in transport.incoming {
        decoder.append(piece)
        while let event = decoder.next() { handle(event) }
      }
      fail(LinkError.closed)
    } catch {
      fail(error)
    }
  }

  private func handle(_ event: FrameDecoder.Event) {
    guard case .frame(let frame) = event else { return repeatRequests() }
    switch frame.kind {
    case .nak: repeatRequests()
    case .log: console(String(decoding: frame.payload, as: UTF8.self))
    case .error: handleError(frame)
    default: settle(frame.sequence, .success(frame))
    }
  }

  private func handleError(_ frame: Frame) {
    let text = String(decoding: frame.payload.dropFirst(4), as: UTF8.self)
    guard frame.sequence != 0 else { return fail(LinkError.deviceFault(text)) }
    guard let request = outstanding[frame.sequence]?.request.kind else { return }
    settle(frame.sequence, .failure(LinkError.refused(request: request, reason: text)))
  }

  private func repeatRequests() {
    for (sequence, entry) in outstanding.sorted(by: { $0.key < $1.key }) where entry.outcome == nil {
      guard entry.repetitions < pace.repetitions else {
        return fail(LinkError.corrupt(request: entry.request.kind, attempts: entry.repetitions + 1))
      }
      outstanding[sequence]?.repetitions += 1
      transport.send(entry.request.encoded())
    }
  }
}
