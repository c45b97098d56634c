import Compiler
import Foundation
import Graph
import TestNetworks
import Testing
import Training

private func plan(_ update: String, seed: UInt64 = 1, residual: Residual = .eightBits) throws -> Plan {
  let options = CompileOptions(classes: 4, update: .named(update), residual: residual)
  return try compile(try networkOfEverything(seed: seed), options) { queries in
    KernelCatalog(scratchBytes: Dictionary(uniqueKeysWithValues: queries.map { ($0, 0) }))
  }
}

/// The last layers learn, and 3 samples of 4 slots are kept, of classes 1, 3, 1.
private func replaying() throws -> (plan: Plan, memory: [UInt8]) {
  let options = CompileOptions(
    classes: 4, update: .named("bias-2"), replay: ReplayOptions(samples: 4, ratio: 1))
  let plan = try compile(try networkOfEverything(), options) { queries in
    KernelCatalog(scratchBytes: Dictionary(uniqueKeysWithValues: queries.map { ($0, 0) }))
  }
  var memory = [UInt8](repeating: 0, count: plan.replayMemoryBytes)
  memory[8] = 3
  (memory[16 + 16 + 4], memory[16 + 48 + 4]) = (2, 1)
  for (slot, label) in [1, 3, 1].enumerated() { memory[16 + 64 + 2 * slot] = UInt8(label) }
  return (plan, memory)
}

private func state(of plan: Plan) -> TrainedState {
  TrainedState(
    (0..<plan.stateBytes).map { UInt8(truncatingIfNeeded: $0 &* 7) }, of: plan, steps: 1234, seed: 5,
    accuracy: 0.875)
}

@Suite struct TrainedStateTests {
  private let folder: TemporaryFolder
  private let lastTwo: Plan

  init() throws {
    folder = try TemporaryFolder()
    lastTwo = try plan("last-2")
  }

  @Test func aFileKeepsEverything() throws {
    let (saved, path) = (state(of: lastTwo), folder.path + "/deep/a.tinystate")
    try saved.write(to: path)
    let read = try TrainedState(contentsOf: path)
    #expect(read == saved)
    #expect(read.description.steps == 1234)
    #expect(read.description.options == lastTwo.options)
    try read.check(fits: lastTwo, path: path)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/deep") == ["a.tinystate"])
  }

  @Test func keptSamplesComeBack() throws {
    let (plan, memory) = try replaying()
    let slots: Int = try #require(plan.frozenPrefix).edgeBytes * 4
    #expect(memory.count == 88 + slots)  // draws, 4 classes, 4 labels
    var saved = state(of: plan)
    #expect(saved.replay.isEmpty && !saved.keepsSamples(for: plan))
    #expect(try saved.encoded()[8] == 1)
    saved = TrainedState(saved.bytes, of: plan, steps: 7, seed: 5, replay: memory)
    let file = try saved.encoded()
    #expect(file[8] == 2)
    let read = try TrainedState(file: file, path: "a")
    #expect(read == saved && read.keepsSamples(for: plan))
    try read.check(fits: plan, path: "a")
    var more = plan
    more.options.replay?.samples = 5
    #expect(!read.keepsSamples(for: more))
    try read.check(fits: more, path: "a")
  }

  @Test(arguments: [
    (8, UInt8(5), "it says that 5 of 4 kept samples are there"),
    (16 + 64, 2, "its count of the kept samples of class 1 is wrong"),
    (16 + 64 + 2, 9, "its count of the kept samples of class 3 is wrong"),
  ])
  func contradictingKeptSamplesAreRefused(byte: Int, value: UInt8, reason: String) throws {
    var (plan, memory) = try replaying()
    memory[byte] = value
    let saved = TrainedState(state(of: plan).bytes, of: plan, steps: 7, seed: 5, replay: memory)
    #expect(throws: TrainedStateError.damaged(path: "a", reason: reason)) {
      try saved.check(fits: plan, path: "a")
    }
    plan.options.replay = nil
    try saved.check(fits: plan, path: "a")
  }

  @Test func everyChangedByteIsNoticed() throws {
    let file = try state(of: lastTwo).encoded()
    let places =
      Array(0..<64) + stride(from: 64, to: file.count, by: 101) + [file.count - 33, file.count - 1]
    for place in places {
      var changed = file
      changed[place] ^= 0x10
      #expect(throws: TrainedStateError.self, "byte \(place)") { try TrainedState(file: changed, path: "a") }
    }
  }

  @Test func everyCutIsNoticed() throws {
    let file = try state(of: lastTwo).encoded()
    for count in Array(0..<60) + stride(from: 60, to: file.count, by: 97) {
      #expect(throws: TrainedStateError.self, "\(count) bytes") {
        try TrainedState(file: Array(file.prefix(count)), path: "a")
      }
    }
  }

  @Test func strangersAreNamed() throws {
    let picture = try folder.write("a.png", "no state at all, but long enough for one")
    let error = #expect(throws: TrainedStateError.self) { try TrainedState(contentsOf: picture) }
    #expect(error?.description.contains("a.png is no trained state") == true)
    let missing = #expect(throws: TrainedStateError.self) {
      try TrainedState(contentsOf: folder.path + "/none")
    }
    #expect(missing?.description.contains("cannot read the trained state") == true)
    var newer = try state(of: lastTwo).encoded()
    newer[8] = 9
    #expect(throws: TrainedStateError.newerVersion(path: "a", version: 9)) {
      try TrainedState(file: newer, path: "a")
    }
  }

  @Test func aStateOfAnotherModelOrSchemeIsRefused() throws {
    let saved = state(of: lastTwo)
    func message(_ plan: Plan) -> String {
      let error = #expect(throws: TrainedStateError.self) { try saved.check(fits: plan, path: "a.tinystate") }
      return error?.description ?? ""
    }
    #expect(message(try plan("last-1")).contains("update scheme: last-2, here last-1"))
    #expect(message(try plan("last-2", residual: .none)).contains("residual: 8, here 0"))
    #expect(
      message(try plan("last-2", seed: 2)).contains("the weights or settings of 'everything' have changed"))
  }

  @Test func aFolderThatCannotBeWrittenIsNamed() throws {
    try folder.write("file", "x")
    let error = #expect(throws: AtomicFile.Failure.self) {
      try state(of: lastTwo).write(to: folder.path + "/file/a")
    }
    #expect(error?.description.contains("/file/a: cannot be written") == true)
  }

  @Test func theFirstDifferentTensorIsNamed() throws {
    let left = state(of: lastTwo).bytes
    #expect(StateDifference(left, left, tensors: lastTwo.state) == nil)
    let tensor = try #require(lastTwo.state.last { $0.element == .float32 })
    var right = left
    right[tensor.offset + 4 * 3 + 1] ^= 1
    right[tensor.offset + 4 * 3 + 2] ^= 1
    right[tensor.offset + 4 * 9] ^= 1
    let difference = try #require(StateDifference(left, right, tensors: lastTwo.state))
    #expect(difference.tensor == tensor.name)
    #expect(difference.element == 3)
    #expect(difference.different == (tensor.bytes > 36 ? 2 : 1))
    #expect(difference.count == tensor.bytes / 4)
  }
}
