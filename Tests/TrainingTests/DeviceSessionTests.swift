import Synchronization
import Testing
import Training

/// The host's side alone, against scripted replies.
struct DeviceSessionTests {
  private let model = ModelInterface(inputBytes: 4, classes: 3, stateBytes: 8, buildHash: Array(1...16))

  private func stackReply(_ request: Frame) -> Frame {
    Frame(
      .stack, sequence: request.sequence,
      payload: LoopbackDevice.bytes(of: 40) + LoopbackDevice.bytes(of: 100))
  }

  @Test func everyDifferenceOfTheImageIsListed() async {
    let other = ModelInterface(inputBytes: 5, classes: 3, stateBytes: 9, buildHash: Array(2...17))
    let device = LoopbackDevice { LoopbackDevice.hello($0, other, version: 7).encoded() }
    await #expect {
      try await DeviceSession.connect(over: device, expecting: model)
    } throws: { error in
      let text = "\(error)"
      return [
        "protocol version: image 7, host 1", "build hash", "input bytes: image 5, host 4", "state bytes",
      ]
      .allSatisfy(text.contains) && !text.contains("classes")
    }
  }

  @Test func damagedRepliesAreAskedForAgain() async throws {
    let damages = Mutex(3)
    let device = LoopbackDevice { [model] request in
      guard request.kind == .stack else { return LoopbackDevice.hello(request, model).encoded() }
      var reply = stackReply(request).encoded()
      damages.withLock { left in
        if left > 0 { reply[18] ^= 1 }
        left -= 1
      }
      return reply
    }
    let session = try await DeviceSession.connect(over: device, expecting: model, pace: .serial)
    #expect(try await session.stack() == StackUse(used: 40, size: 100))
    #expect(damages.withLock { $0 } == -1)
  }

  @Test func damageThatDoesNotEndIsAnError() async throws {
    let requests = Mutex(0)
    let device = LoopbackDevice { [model] request in
      guard request.kind == .stack else { return LoopbackDevice.hello(request, model).encoded() }
      requests.withLock { $0 += 1 }
      return Frame(.nak, sequence: 0).encoded()
    }
    let session = try await DeviceSession.connect(
      over: device, expecting: model, pace: .init(window: 1, repetitions: 3))
    await #expect(throws: LinkError.corrupt(request: .stack, attempts: 4)) { try await session.stack() }
    #expect(requests.withLock { $0 } == 4)
  }

  @Test func whatTheDeviceSaysAtItsEndReachesTheCall() async throws {
    let end = Mutex<(@Sendable () -> Void)?>(nil)
    let device = LoopbackDevice { [model] request in
      guard request.kind == .reset else { return LoopbackDevice.hello(request, model).encoded() }
      end.withLock { $0?() }
      return []
    }
    end.withLock { $0 = { device.end() } }
    let session = try await DeviceSession.connect(over: device, expecting: model)
    let expected = LinkError.deviceEnded(exitCode: 9, console: "last words")
    await #expect(throws: expected) { try await session.reset() }
    await #expect(throws: expected) { try await session.reset() }
  }

  @Test func cancellingACallEndsIt() async throws {
    let device = LoopbackDevice { [model] request in
      request.kind == .hello ? LoopbackDevice.hello(request, model).encoded() : []
    }
    let session = try await DeviceSession.connect(over: device, expecting: model)
    let call = Task { try await session.reset() }
    call.cancel()
    await #expect(throws: CancellationError.self) { try await call.value }
  }

  @Test func repliesOfAnotherFormAreRefused() async throws {
    let device = LoopbackDevice { [model] request in
      request.kind == .hello
        ? LoopbackDevice.hello(request, model).encoded()
        : Frame(.stack, sequence: request.sequence, payload: [1, 2, 3]).encoded()
    }
    let session = try await DeviceSession.connect(over: device, expecting: model)
    await #expect(throws: LinkError.malformedReply(.stack)) { try await session.stack() }
    await #expect(throws: LinkError.malformedReply(.stack)) { try await session.reset() }
  }

  @Test func badSamplesAreRefusedBeforeTheyTravel() async throws {
    let device = LoopbackDevice { [model] in LoopbackDevice.hello($0, model).encoded() }
    let session = try await DeviceSession.connect(over: device, expecting: model)
    await #expect(throws: TrainingDeviceError.wrongInputSize(expected: 4, actual: 3)) {
      try await session.infer([1, 2, 3])
    }
    for label in [-1, 3] {
      await #expect(throws: TrainingDeviceError.labelOutOfRange(label: label, classes: 3)) {
        try await session.train([1, 2, 3, 4], label: label, rate: 0.1)
      }
    }
    for rate in [Float.infinity, -.infinity] {
      await #expect(throws: TrainingDeviceError.rateNotFinite(rate)) {
        try await session.train([1, 2, 3, 4], label: 0, rate: rate)
      }
    }
    await #expect(throws: TrainingDeviceError.self) {
      try await session.train([1, 2, 3, 4], label: 0, rate: .nan)
    }
    await #expect(throws: TrainingDeviceError.wrongStateSize(expected: 8, actual: 9)) {
      try await session.writeState([UInt8](repeating: 0, count: 9))
    }
  }

  @Test func aLossThatIsNoNumberIsAnError() async throws {
    let device = LoopbackDevice { [model] request in
      guard request.kind == .sample else { return LoopbackDevice.hello(request, model).encoded() }
      let payload = LoopbackDevice.bytes(of: Float.nan.bitPattern) + [UInt8](repeating: 0, count: 12)
      return Frame(.result, sequence: request.sequence, payload: payload).encoded()
    }
    let session = try await DeviceSession.connect(over: device, expecting: model)
    await #expect(throws: TrainingDeviceError.self) {
      try await session.train([1, 2, 3, 4], label: 0, rate: 0.5)
    }
  }
}
