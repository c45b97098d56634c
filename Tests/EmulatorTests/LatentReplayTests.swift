import Compiler
import Foundation
import ImageBuild
import Testing
import Training
import tinysdk

/// The digits example learns 0 to 4, then 5 to 9 alone, with and without replay.
@Suite(.enabled(if: !missingTools.contains("clang"), "skipped: clang is not installed"), .serialized)
struct LatentReplayTests {
  private let project: ExampleProject
  private let quiet = Console(level: .quiet)

  init() throws { project = try ExampleProject("digits") }

  private func workspace(_ replay: ReplayOptions?) throws -> Workspace {
    var workspace = try project.workspace()
    workspace.project.update = .named("head")
    workspace.project.replay = replay
    return workspace
  }

  /// Shares of the old and the new digits' held-out samples that are classified right.
  private struct Accuracy: Sendable {
    var oldBefore = 0.0
    var oldAfter = 0.0
    var newAfter = 0.0
  }

  /// Three epochs of the old digits, then three of the new ones.
  private func learnNewDigits(_ replay: ReplayOptions?, seed: UInt64 = 0) async throws -> Accuracy {
    let workspace = try workspace(replay)
    let built = try await buildProject(workspace, BuildSettings(board: "host"), console: quiet)
    let data = try loadData(workspace, for: built.plan)
    let rate: Float = 0.001
    func samples(_ digits: ClosedRange<Int>, epochs: Range<Int>) throws -> [TrainingSample] {
      try epochs.flatMap { epoch in
        try epochOrder(count: data.train.count, seed: seed, epoch: epoch).map(data.train.sample)
          .filter { digits.contains($0.label) }
          .map { TrainingSample(input: $0.input, label: $0.label, rate: rate) }
      }
    }
    let (old, new) = (try samples(0...4, epochs: 0..<3), try samples(5...9, epochs: 3..<6))
    return try await withDevice(built, console: quiet) { device in
      _ = try await device.train(old)
      let before = try await evaluate(device, on: data.heldOut)
      _ = try await device.train(new)
      let after = try await evaluate(device, on: data.heldOut)
      return Accuracy(
        oldBefore: before.share(of: 0...4), oldAfter: after.share(of: 0...4), newAfter: after.share(of: 5...9)
      )
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func newDigitsLeaveTheOldOnes() async throws {
    var lost = 0.0
    for seed in 0..<3 as Range<UInt64> {
      let found = try await learnNewDigits(ReplayOptions(samples: 200, ratio: 4), seed: seed)
      #expect(found.oldBefore > 0.98 && found.newAfter > 0.92, "\(found)")
      lost += (found.oldBefore - found.oldAfter) / 3
    }
    #expect(lost <= 0.02)
    let forgetful = try await learnNewDigits(nil)
    #expect(forgetful.oldAfter < 0.4 && forgetful.newAfter > 0.93, "\(forgetful)")
  }

  /// One image's costs of steps on the same samples, and what they left.
  private func steps(_ replay: ReplayOptions?, board: String, measuring: Bool = false) async throws
    -> (costs: [UInt64], state: [UInt8])
  {
    let workspace = try workspace(replay)
    let built = try await buildProject(workspace, BuildSettings(board: board), console: quiet)
    let data = try loadData(workspace, for: built.plan)
    let samples = try (0..<60).map { position in
      let sample = try data.train.sample(at: position)
      return TrainingSample(input: sample.input, label: sample.label, rate: 0.01)
    }
    return try await withDevice(built, measuring: measuring, console: quiet) { device in
      let steps = try await device.train(samples)
      return (steps.map(\.cost), try await device.readState())
    }
  }

  @Test(.timeLimit(.minutes(10)), .enabled(if: missingTools.isEmpty, "skipped: no cross tools"))
  func boardsReplayTheSameSamples() async throws {
    let replay = ReplayOptions(samples: 20, ratio: 2)
    let host = try await steps(replay, board: "host")
    for board in ["qemu-cortex-m7", "qemu-cortex-m55"] {
      #expect(try await steps(replay, board: board).state == host.state, "\(board)")
    }
    #expect(try await steps(nil, board: "host").state != host.state)
  }

  /// 60 kept samples of 128 bytes, of 60: pages fill, and with 20 slots samples are replaced.
  @Test(
    .timeLimit(.minutes(10)), .enabled(if: missingTools.isEmpty, "skipped: no cross tools"),
    arguments: [20, 60])
  func flashReplaysTheSameSamples(slots: Int) async throws {
    let replay = ReplayOptions(samples: slots, ratio: 2, memory: .flash)
    let board = try await steps(replay, board: "qemu-microbit").state
    #expect(try await steps(replay, board: "host").state == board)
    #expect(
      try await steps(ReplayOptions(samples: slots, ratio: 2, memory: .sram), board: "host").state == board)
  }

  /// The first steps on one board, the rest from its saved state on another: as all of them in one run.
  @Test(
    .timeLimit(.minutes(10)), .enabled(if: missingTools.isEmpty, "skipped: no cross tools"),
    arguments: [("qemu-microbit", "host"), ("host", "qemu-microbit")])
  func aResumedRunReplaysTheSameSamples(first: String, second: String) async throws {
    let replay = ReplayOptions(samples: 20, ratio: 2, memory: .flash)
    let whole = try await steps(replay, board: "host").state
    let file = project.folder + "/part.tinystate"
    func part(_ steps: Range<Int>, on board: String, from start: TrainedState?) async throws -> TrainedState {
      let workspace = try workspace(replay)
      let built = try await buildProject(workspace, BuildSettings(board: board), console: quiet)
      let data = try loadData(workspace, for: built.plan)
      let samples = try steps.map { position in
        let sample = try data.train.sample(at: position)
        return TrainingSample(input: sample.input, label: sample.label, rate: 0.01)
      }
      try start?.check(fits: built.plan, path: file)
      #expect(start?.keepsSamples(for: built.plan) != false)
      return try await withDevice(built, console: quiet) { device in
        if let start {
          try await device.writeState(start.bytes)
          try await device.writeReplay(start.replay)
          #expect(try await device.readReplay() == start.replay)
        }
        _ = try await device.train(samples)
        return TrainedState(
          try await device.readState(), of: built.plan, steps: steps.upperBound, seed: 0,
          replay: try await device.readReplay())
      }
    }
    try await part(0..<35, on: first, from: nil).write(to: file)
    let end = try await part(35..<60, on: second, from: TrainedState(contentsOf: file))
    #expect(end.bytes == whole)
    #expect(end.replay.count == 2776)  // draws, 10 classes, 20 labels, 20 slots
  }

  @Test(.timeLimit(.minutes(10)), .enabled(if: missingTools.isEmpty, "skipped: no cross tools"))
  func aFlashThatIsNeverReadyEndsTheRun() async throws {
    // Nothing answers there; reads are 0.
    let file = project.folder + "/Boards/broken/board.yml"
    try FileManager.default.createDirectory(
      atPath: project.folder + "/Boards/broken", withIntermediateDirectories: true)
    try """
    schema: 1
    inherits: nrf51822
    title: A controller at the wrong address
    flash-controller: {base: 0x4001F000}
    transports: [{name: semihosting}]
    run: {emulator: {machine: microbit}}
    """.write(toFile: file, atomically: true, encoding: .utf8)
    let error = await #expect(throws: (any Error).self) {
      try await steps(ReplayOptions(samples: 20, memory: .flash), board: "broken")
    }
    #expect(
      "\(error.map { "\($0)" } ?? "")".contains("fault: flash at 0x0003f400: the controller is not ready"))
  }

  /// Constants leave room for the pages, code does not.
  @Test(
    .timeLimit(.minutes(10)), .enabled(if: missingTools.isEmpty, "skipped: no cross tools"),
    arguments: ["clang", "arm-none-eabi-gcc"])
  func codeBesideTooManyPagesIsRefused(toolchain: String) async throws {
    var settings = BuildSettings(board: "qemu-microbit")
    settings.toolchain = toolchain
    // Leaves RAM for the labels of so many.
    var workspace = try workspace(ReplayOptions(samples: 1200, memory: .flash))
    workspace.project.stackBytes = 2048
    let error = await #expect(throws: FlashOverflow.self) {
      try await buildProject(workspace, settings, console: quiet)
    }
    let overflow = try #require(error)
    #expect(overflow.pages.pages == 150 && overflow.overBytes > 0)
    workspace.project.replay?.samples = overflow.samples
    let built = try await buildProject(workspace, settings, console: quiet)
    let sizes = try #require(built.image.sizes)
    #expect(sizes.replayPageBytes == built.plan.replayBytes && sizes.replayBytes == 0)
    // Less than a page is left.
    #expect((1 << 18) - sizes.flashBytes - sizes.replayPageBytes < 1024)
  }

  @Test func flashNeedsAController() async throws {
    let error = await #expect(throws: NoWritableFlash.self) {
      try await planProject(
        try workspace(ReplayOptions(samples: 20, memory: .flash)), BuildSettings(board: "qemu-cortex-m7"),
        console: quiet)
    }
    #expect(error == NoWritableFlash(board: "qemu-cortex-m7", boards: ["qemu-microbit"]))
    #expect(
      error?.description == """
        'replay.memory: flash' in tinysdk.yml: board 'qemu-cortex-m7' has no 'flash-controller', so a program cannot \
        write its flash; take 'memory: sram', or a board that has one: qemu-microbit
        """)
  }

  @Test func keptSamplesGoToFlashWhereRAMIsTooSmall() async throws {
    let board = BuildSettings(board: "qemu-microbit")
    let error = await #expect(throws: DoesNotFit.self) {
      try await planProject(try workspace(ReplayOptions(samples: 200)), board, console: quiet)
    }
    #expect(error?.alternatives.first == "replay.memory: flash", "\(error?.description ?? "")")
    let plan = try await planProject(
      try workspace(ReplayOptions(samples: 200, memory: .flash)), board, console: quiet
    ).plan
    #expect(
      plan.placement?.replay == .init(regions: ["flash"], address: 0x3_9C00, bytes: 25 * 1024))
    let tooMany = await #expect(throws: DoesNotFit.self) {
      try await planProject(
        try workspace(ReplayOptions(samples: 2100, memory: .flash)), board, console: quiet)
    }
    #expect(tooMany?.region == "flash", "\(tooMany?.description ?? "")")
  }

  @Test(.timeLimit(.minutes(10)), .enabled(if: missingTools.isEmpty, "skipped: no cross tools"))
  func aReplayedStepTakesLessThanHalfTheInstructions() async throws {
    let board = "qemu-cortex-m7"
    let plain = try await steps(nil, board: board, measuring: true).costs
    let none = try await steps(ReplayOptions(samples: 20, ratio: 0), board: board, measuring: true).costs
    let four = try await steps(ReplayOptions(samples: 20, ratio: 4), board: board, measuring: true).costs
    let count = UInt64(plain.count)
    let step = plain.reduce(0, +) / count
    let replayed = (four.reduce(0, +) - none.reduce(0, +)) / (4 * count)
    #expect(replayed > 0 && replayed * 2 <= step)
  }

  @Test func samplesThatDoNotFitAreRefused() async throws {
    let error = await #expect(throws: DoesNotFit.self) {
      try await planProject(
        try workspace(ReplayOptions(samples: 4000)), BuildSettings(board: "qemu-cortex-m7"), console: quiet)
    }
    #expect(error?.parts.contains("replay 512,000") == true, "\(error?.description ?? "")")
  }

  @Test func aFirstLayerThatLearnsLeavesNothingToReplay() async throws {
    await #expect(throws: CompilerError.nothingToReplay(update: "full")) {
      try await planProject(
        try workspace(ReplayOptions(samples: 10)), BuildSettings(board: "host", update: "full"),
        console: quiet)
    }
  }
}
