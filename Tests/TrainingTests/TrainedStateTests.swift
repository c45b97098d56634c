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
