import Foundation
import ImageBuild
import Synchronization
import Testing
import Training

private let boards = ["qemu-cortex-m4", "qemu-cortex-m33", "qemu-cortex-m7", "qemu-cortex-m55"]

/// The runtime and the link as a whole, with a model small enough to know every answer.
@Suite(.enabled(if: LinkImage.isBuildable, Comment(rawValue: LinkImage.skipReason)), .serialized)
struct EmulatedDeviceTests {
  @Test(arguments: boards, ["semihosting", "uart"])
  func learnsAndAnswers(_ board: String, _ transport: String) async throws {
    let lines = Mutex<[String]>([])
    let image = try await LinkImage(board, transport)
    let run = try await image.run(console: { line in lines.withLock { $0.append(line) } }) { device in
      let first = try await device.train(image.model.input(sum: 1001), label: 3, rate: 0.5)
      #expect(first == TrainingStep(loss: 1.5, prediction: 1001 % 4))
      let second = try await device.train(image.model.input(sum: -500), label: 1, rate: 0.25)
      #expect(second == TrainingStep(loss: 0.25, prediction: 501 % 4))
      let answer = try await device.infer(image.model.input(sum: 6))
      #expect(answer == Inference(prediction: 507 % 4, outputs: [507, 508, 509, 510]))

      let learned = try await device.readState()
      #expect(learned.count == image.model.stateBytes)
      #expect(Array(learned[0..<4]) == [0xF5, 1, 0, 0])
      // The table counts the labels, from 7 times its index up.
      #expect(learned[4 + 3] == 22)
      #expect(learned[4 + 1] == 8)
      let lastOfTable = (learned.count - 5) * 7
      #expect(learned.last == UInt8(lastOfTable % 256))
      try await device.reset()
      let initial = try await device.readState()
      #expect(Array(initial[0..<4]) == [0, 0, 0, 0])
      #expect(initial != learned)
      try await device.writeState(learned)
      #expect(try await device.readState() == learned)

      let stack = try #require(try await device.stack())
      #expect(stack.used > 100)
      #expect(stack.used < stack.size)
      #expect(try await device.profile() == [])
    }
    #expect(run.exitCode == 0)
    #expect(lines.withLock { $0 }.contains { $0.hasPrefix("ready") })
  }

  @Test func samplesInABatchKeepTheirOrder() async throws {
    let image = try await LinkImage("qemu-cortex-m7")
    _ = try await image.run { device in
      let samples = (0..<100).map {
        TrainingSample(input: image.model.input(sum: $0), label: $0 % 4, rate: Float($0))
      }
      let steps = try await device.train(samples)
      var sum = 0
      for (index, step) in steps.enumerated() {
        sum += index
        let loss = Float(index * (index % 4))
        #expect(step == TrainingStep(loss: loss, prediction: sum % 4))
      }
      let answers = try await device.infer((0..<20).map { image.model.input(sum: $0) })
      let expected = (0..<20).map { (sum + $0) % 4 }
      #expect(answers.map(\.prediction) == expected)
    }
  }

  @Test(arguments: ["semihosting", "uart"])
  func anotherBuildIsRefused(_ transport: String) async throws {
    let image = try await LinkImage("qemu-cortex-m4", transport)
    var other = image.model
    other.buildHash[15] = 99
    let expected = LinkError.mismatch([
      "build hash: image 0102030405060708090a0b0c0d0e0f10, host 0102030405060708090a0b0c0d0e0f63"
    ])
    await #expect(throws: expected) { try await image.run(expecting: other) { _ in } }
  }

  @Test(arguments: boards)
  func countsInstructionsExactly(_ board: String) async throws {
    let image = try await LinkImage(board, main: "timed_main", operators: 3)
    _ = try await image.run(measuring: true) { device in
      #expect(await device.measurements == .init(operators: 3, unit: .instructions))
      // The largest is several times SysTick's 24 bits.
      for pairs in Array(1...20) + [1000, 1001, 20_000_001] {
        try await device.clearProfile()
        let answer = try await device.infer(image.model.input(words: [UInt32(pairs)]))
        let expected = [0, UInt64(2 * pairs), 0].map { OperatorCost(cost: $0, calls: 1) }
        #expect(try await device.profile() == expected)
        #expect(answer.cost > UInt64(2 * pairs))
      }
    }
  }

  @Test func aSampleCostsTheSameEveryTime() async throws {
    let image = try await LinkImage("qemu-cortex-m55")
    let costs = try await image.run(measuring: true) { device in
      try await device.infer([[Int8]](repeating: image.model.input(sum: 5), count: 10)).map(\.cost)
    }.value
    // The first carries what the compiler moved out of the application's loop.
    let others = Set(costs.dropFirst())
    #expect(others.count == 1)
    let (first, other) = (try #require(costs.first), try #require(others.first))
    #expect(first >= other)
    #expect(first < other + 20)
  }

  /// What lies behind the writable memory, and in the code.
  private static let addresses: [(behind: UInt32, code: UInt32)] = [
    (0x2040_0000, 0x100), (0x3840_0000, 0x1000_0100), (0x2005_0000, 0x100), (0x2120_0000, 0x100),
  ]

  @Test(arguments: zip(boards, addresses))
  func writingBehindTheMemoryIsReported(
    _ board: String, _ addresses: (behind: UInt32, code: UInt32)
  ) async throws {
    try await expectFault(board, [1, addresses.behind], "outside every region, 0 bytes past the end of '")
    try await expectFault(board, [1, addresses.code], "in read-only region '")
    try await expectFault(board, [2, 0], "the stack has run over")
    try await expectFault(board, [3, 0], "UsageFault at pc 0x")
  }

  /// Bytes 0 to 55 of what the host sends are its greeting; a sample takes 1,056 and its result 36. The device prints
  /// 26 bytes before it answers with 60.
  @Test(
    arguments: [
      (outgoing: [3], incoming: []), (outgoing: [60], incoming: []),
      (outgoing: [500, 2000, 2001], incoming: []),
      (outgoing: [], incoming: [30]), (outgoing: [], incoming: [100, 150]),
      (outgoing: [70, 1500], incoming: [5, 120]),
    ] as [(outgoing: Set<Int>, incoming: Set<Int>)])
  func damagedFramesAreRepeatedAndLearnedOnce(_ noise: (outgoing: Set<Int>, incoming: Set<Int>)) async throws
  {
    let image = try await LinkImage("qemu-cortex-m4", "uart")
    let pipes = try LinkPipes()
    defer { pipes.remove() }
    let pipe = try PipeTransport(pipes)
    let link = NoisyTransport(over: pipe, outgoing: noise.outgoing, incoming: noise.incoming)
    let plan = try EmulatorPlan(board: image.board, image: image.path, serialPipe: pipes.serialPath)
    _ = try await withEmulator(plan, limit: .seconds(240), onLine: { _ in }) {
      let device = try await DeviceSession.connect(over: link, expecting: image.model, pace: .serial)
      for sum in [5, 6, 7] {
        let step = try await device.train(image.model.input(sum: sum), label: 0, rate: 1)
        #expect(step.prediction == [5: 1, 6: 3, 7: 2][sum])
      }
      #expect(try await device.readState()[0] == 18)
      #expect(try await device.quit() == 0)
    }
  }

  @Test func aFaultIsReportedOverTheSerialPort() async throws {
    try await expectFault("qemu-cortex-m7", [1, 0x2005_0000], "outside every region", transport: "uart")
  }

  private func expectFault(
    _ board: String, _ words: [UInt32], _ text: String, transport: String = "semihosting"
  ) async throws {
    let image = try await LinkImage(board, transport, main: "misbehaving_main")
    await #expect {
      try await image.run { try await $0.infer(image.model.input(words: words)) }
    } throws: { error in
      guard case .deviceFault(let report)? = error as? LinkError else { return false }
      return report.hasPrefix("fault: ") && report.contains(text)
    }
  }

  @Test func anEarlyEndIsReportedWithItsExitCode() async throws {
    let image = try await LinkImage("qemu-cortex-m4", main: "misbehaving_main")
    await #expect {
      try await image.run { try await $0.infer(image.model.input(words: [4, 0])) }
    } throws: { error in
      guard case .deviceEnded(42, let console)? = error as? LinkError else { return false }
      return console.contains("leaving")
    }
  }

  @Test(arguments: ["semihosting", "uart"])
  func aKilledEmulatorIsOneClearError(_ transport: String) async throws {
    let image = try await LinkImage("qemu-cortex-m4", transport)
    let pipes = Mutex<Set<String>>([])
    await #expect(throws: LinkError.deviceEnded(exitCode: 128 + SIGKILL, console: "ready")) {
      try await image.run { device in
        for process in processes(mentioning: image.path) {
          pipes.withLock { $0.formUnion(linkFolders(of: process)) }
          kill(process, SIGKILL)
        }
        for _ in 0..<10_000 { _ = try await device.readState() }
      }
    }
    #expect(processes(mentioning: image.path) == [])
    let folders = pipes.withLock { $0 }
    #expect(folders.count == 1)
    #expect(folders.filter { FileManager.default.fileExists(atPath: $0) } == [])
  }

  @Test(arguments: ["semihosting", "uart"])
  func anErrorOfTheHostEndsTheEmulator(_ transport: String) async throws {
    struct Stop: Error {}
    let image = try await LinkImage("qemu-cortex-m4", transport)
    await #expect(throws: Stop.self) { try await image.run { _ in throw Stop() } }
    #expect(processes(mentioning: image.path) == [])
  }

  @Test func cancellingEndsTheEmulator() async throws {
    let image = try await LinkImage("qemu-cortex-m4")
    let (started, starting) = AsyncStream.makeStream(of: Void.self)
    let run = Task {
      try await image.run { device in
        starting.yield()
        while true { _ = try await device.readState() }
      }
    }
    for await _ in started { break }
    run.cancel()
    await #expect(throws: CancellationError.self) { try await run.value }
    #expect(processes(mentioning: image.path) == [])
  }
}

/// Processes with this text in their command line, other than this one.
private func processes(mentioning text: String) -> [pid_t] {
  let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
  return names.compactMap(pid_t.init).filter { process in
    let line = (try? Data(contentsOf: URL(fileURLWithPath: "/proc/\(process)/cmdline"))) ?? Data()
    return process != getpid() && String(decoding: line, as: UTF8.self).contains(text)
  }
}

/// The folders of pipes that a process was started with.
private func linkFolders(of process: pid_t) -> Set<String> {
  let arguments = (try? Data(contentsOf: URL(fileURLWithPath: "/proc/\(process)/cmdline"))) ?? Data()
  let text = String(decoding: arguments, as: UTF8.self)
  return Set(text.matches(of: /\/[^\x00,= ]*tinysdk-link-\w+/).map { String($0.output) })
}
