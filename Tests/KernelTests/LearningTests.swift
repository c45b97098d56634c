import KernelAPI
import KernelBridge
import Testing

@Suite("count_confusion, window_push, guard_begin, guard_end")
struct LearningTests {
  @Test("Counts by label and prediction, and stops at the largest count", arguments: KernelBuild.allCases)
  func confusion(build: KernelBuild) async throws {
    let library = try await build.library
    let counts = GuardedBuffer<UInt32>([0, 0, 0, 0, .max, 0, 0, 0, 4])
    let pairs: [(Int32, Int32)] = [(0, 1), (0, 1), (1, 1), (2, 2), (2, 0), (-1, 0), (0, 3), (3, 0), (0, -1)]
    for (label, prediction) in pairs {
      let operands = (GuardedBuffer([label]), GuardedBuffer([prediction]))
      try withExtendedLifetime(operands) {
        try library.call(
          "tinysdk_count_confusion", tinysdk_confusion_args(classes: 3), operands.0.pointer,
          operands.1.pointer, counts.pointer)
      }
    }
    #expect(counts.values == [0, 2, 0, 0, .max, 0, 1, 0, 5])
    #expect(counts.isIntact)
  }

  /// As the contract says, in other words.
  private func entry(_ loss: Float) -> UInt64 {
    if loss.isNaN { return 1 << 31 - 1 }
    return UInt64(min(max((Double(loss) * 65536).rounded(.down), 0), Double(1 << 31 - 1)))
  }

  @Test("A window is the sum over its last steps", arguments: KernelBuild.allCases, [1, 7])
  func window(build: KernelBuild, length: Int) async throws {
    let library = try await build.library
    var generator = SeededGenerator(seed: 40)
    var losses = generator.floats(60, in: 0...5)
    losses.replaceSubrange(10..<18, with: [.nan, .infinity, -1, -.infinity, 32767.99, 32768, 1e-30, 0])
    let wrong = (0..<60).map { _ in Int32.random(in: 0...1, using: &generator) * 5 }
    let window = GuardedBuffer([tinysdk_window()])
    let entries = GuardedBuffer(repeating: UInt32(0xDEAD_BEEF), count: length)
    for step in losses.indices {
      let operands = (GuardedBuffer([losses[step]]), GuardedBuffer([wrong[step]]))
      try withExtendedLifetime(operands) {
        try library.call(
          "tinysdk_window_push", tinysdk_window_args(length: Int32(length)), operands.0.pointer,
          operands.1.pointer, window.pointer, entries.pointer)
      }
      let last = max(0, step + 1 - length)...step
      #expect(window.values[0].steps == UInt32(last.count))
      #expect(window.values[0].loss == last.reduce(0) { $0 + entry(losses[$1]) })
      #expect(window.values[0].wrong == last.reduce(0) { $0 + (wrong[$1] != 0 ? 1 : 0) })
    }
    #expect(entries.isIntact)
  }

  /// A guard over one byte of state that the test changes before each step.
  private final class Guarded {
    let library: ChosenKernels
    let arguments: tinysdk_guard_args
    let memory = GuardedBuffer([tinysdk_guard()])
    let entries: GuardedBuffer<UInt32>
    let state = GuardedBuffer<UInt8>([0, 0, 0])
    let copy = GuardedBuffer<UInt8>([9, 9, 9])

    init(_ library: ChosenKernels, measure: Int32, length: Int, worse: Double, better: Double) {
      self.library = library
      arguments = tinysdk_guard_args(
        length: Int32(length), measure: measure, worse: Int32(worse * 65536), better: Int32(better * 65536),
        state_bytes: 3)
      entries = GuardedBuffer(repeating: 0, count: length)
    }

    /// One step that leaves `value` in the state; returns what the state is then, and what the guard did.
    func step(_ value: UInt8, loss: Float, wrong: Bool = false) throws -> (state: UInt8, last: UInt32) {
      try library.call(
        "tinysdk_guard_begin", arguments, memory.pointer, state.pointer, copy.pointer)
      state.pointer.storeBytes(of: value, toByteOffset: 1, as: UInt8.self)
      let operands = (GuardedBuffer([loss]), GuardedBuffer([Int32(wrong ? 1 : 0)]))
      try withExtendedLifetime(operands) {
        try library.call(
          "tinysdk_guard_end", arguments, operands.0.pointer, operands.1.pointer, memory.pointer,
          entries.pointer, state.pointer, copy.pointer)
      }
      return (state.values[1], memory.values[0].last)
    }
  }

  private let nothing: UInt32 = 0
  private let kept: UInt32 = 1
  private let restored: UInt32 = 2

  @Test("Losses beyond the threshold bring the good state back", arguments: KernelBuild.allCases)
  func loss(build: KernelBuild) async throws {
    let kernel = Guarded(
      try await build.library, measure: TINYSDK_GUARD_LOSS, length: 2, worse: 1, better: 0.5)
    func expect(_ value: UInt8, _ loss: Float, _ state: UInt8, _ last: UInt32) throws {
      let found = try kernel.step(value, loss: loss)
      #expect(found.state == state && found.last == last, "step \(value): \(found)")
    }
    try expect(1, 2, 1, nothing)  // half a window
    try expect(2, 2, 2, kept)  // mean 2: the first full window is good
    try expect(3, 1.25, 3, nothing)  // 1.625 is not better by 0.5
    try expect(4, 1.75, 4, kept)  // 1.5 is, exactly
    try expect(5, 3, 5, nothing)  // 2.375: worse by less than 1
    try expect(6, 2, 6, nothing)  // 2.5: by exactly 1
    try expect(7, 3.0625, 4, restored)  // 2.53
    try expect(8, 5.5, 4, restored)  // more in one step than two may have
    try expect(9, 3, 9, nothing)  // the window begins anew
    try expect(10, 3, 4, restored)
    try expect(11, .infinity, 4, restored)
    try expect(11, .nan, 4, restored)
    try expect(12, 1, 12, nothing)
    try expect(13, 1, 13, kept)
    let memory = try #require(kernel.memory.values.first)
    #expect(memory.kept == 3 && memory.restored == 5)
    #expect(kernel.copy.values == [0, 13, 0] && kernel.state.isIntact && kernel.copy.isIntact)
  }

  @Test("Wrong predictions beyond the threshold do as well", arguments: KernelBuild.allCases)
  func wrongPredictions(build: KernelBuild) async throws {
    let kernel = Guarded(
      try await build.library, measure: TINYSDK_GUARD_WRONG, length: 4, worse: 0.25, better: 0.25)
    let wrong = [true, false, false, true, false, false, true, true, true, true]
    let found = try wrong.enumerated().map {
      try kernel.step(UInt8($0.offset + 1), loss: 1e9, wrong: $0.element)
    }
    // Of four: 2 wrong at step 4, then 1, 1, 2, 2, 3.
    #expect(found.map(\.last) == [0, 0, 0, kept, kept, 0, 0, 0, restored, 0])
    #expect(found.map(\.state) == [1, 2, 3, 4, 5, 6, 7, 8, 5, 10])
  }

  @Test(
    "A state that is bad before any window is full goes back to the first", arguments: KernelBuild.allCases)
  func firstCopy(build: KernelBuild) async throws {
    let kernel = Guarded(
      try await build.library, measure: TINYSDK_GUARD_LOSS, length: 8, worse: 1, better: 0)
    #expect(try kernel.step(1, loss: 1).state == 1)
    #expect(try kernel.step(2, loss: .nan).state == 0)
    #expect(kernel.memory.values.first?.window.steps == 0)
  }
}
