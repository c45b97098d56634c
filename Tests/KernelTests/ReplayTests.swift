import KernelAPI
import KernelBridge
import Testing

@Suite("replay_place, replay_draw")
struct ReplayTests {
  /// The contract's rule over a list of stored labels, with its generator.
  private struct Reference {
    var counter: UInt32 = 0
    let seed: UInt32
    let samples: Int
    var labels: [Int] = []
    var seen: [Int: Int] = [:]
    var largest: Set<Int> = []
    var recent: [Int: UInt32] = [:]

    private func mixed(_ bits: UInt32) -> UInt32 {
      let y = (bits ^ bits >> 16) &* 0x6A09_E667
      let z = (y ^ y >> 15) &* 0xBB67_AE85
      return z ^ z >> 16
    }

    mutating func draw(_ below: Int) -> Int {
      defer { counter &+= 1 }
      return Int((UInt64(mixed(mixed(seed &+ 0x9E37_79B9) ^ counter)) * UInt64(below)) >> 32)
    }

    private func stored(_ label: Int) -> Int { labels.count { $0 == label } }

    private mutating func anySlot(_ label: Int) -> Int {
      let slots = labels.indices.filter { labels[$0] == label }
      return slots[draw(slots.count)]
    }

    /// What is replayed: a sample of the stored class that came least.
    mutating func replay() -> Int {
      guard let label = Set(labels).min(by: { (recent[$0, default: 0], $0) < (recent[$1, default: 0], $1) })
      else { return samples }
      recent[label, default: 0] += 8192
      if recent[label, default: 0] > 1 << 22 { recent = recent.mapValues { $0 >> 1 } }
      return anySlot(label)
    }

    mutating func place(_ label: Int, classes: Int) -> Int {
      recent = recent.mapValues { $0 - $0 >> 6 }
      recent[label, default: 0] += 65536
      seen[label, default: 0] += 1
      let slot: Int
      if labels.count < samples {
        slot = labels.count
        labels.append(label)
      } else if largest.contains(label) {
        guard draw(seen[label] ?? 0) < stored(label) else { return samples }
        slot = anySlot(label)
      } else {
        let most = (0..<classes).map(stored).max() ?? 0
        slot = anySlot((0..<classes).first { stored($0) == most } ?? 0)
      }
      labels[slot] = label
      if labels.count == samples {
        let most = (0..<classes).map(stored).max()
        largest.formUnion((0..<classes).filter { stored($0) == most })
      }
      return slot
    }
  }

  @Test("Samples are placed as the rule says", arguments: KernelBuild.allCases, [(1, 1), (7, 3), (40, 10)])
  func place(build: KernelBuild, sizes: (samples: Int, classes: Int)) async throws {
    let (samples, classes) = sizes
    let library = try await build.library
    let arguments = tinysdk_replay_args(samples: Int32(samples), classes: Int32(classes))
    let draws = GuardedBuffer([tinysdk_replay(counter: (0, 5), filled: 0, slot: 0)])
    let counts = GuardedBuffer(repeating: tinysdk_replay_class(), count: classes)
    let labels = GuardedBuffer(repeating: UInt16(0xFFFF), count: samples)
    var reference = Reference(seed: 5, samples: samples)
    var generator = SeededGenerator(seed: 50)
    for step in 0..<600 {
      // At first few classes, then the others, then all.
      let among = step < 200 ? 0..<(classes + 1) / 2 : step < 400 ? classes / 2..<classes : 0..<classes
      let label = Int.random(in: among, using: &generator)
      let operand = GuardedBuffer([Int32(label)])
      try withExtendedLifetime(operand) {
        try library.call(
          "tinysdk_replay_place", arguments, operand.pointer, draws.pointer, counts.pointer, labels.pointer)
      }
      let expected = reference.place(label, classes: classes)
      #expect(Int(draws.values[0].slot) == expected, "step \(step)")
      if step % 3 == 0 {
        try library.call(
          "tinysdk_replay_draw", arguments, draws.pointer, counts.pointer, labels.pointer)
        #expect(Int(draws.values[0].slot) == reference.replay(), "step \(step)")
      }
    }
    #expect(labels.values.map { Int($0) } == reference.labels)
    #expect(counts.values.map(\.recent) == (0..<classes).map { reference.recent[$0, default: 0] })
    #expect(
      counts.values.map { Int($0.stored) } == (0..<classes).map { c in reference.labels.count { $0 == c } })
    #expect(draws.values[0].counter.0 == reference.counter && labels.isIntact && counts.isIntact)
  }

  @Test("Rare classes keep their share, and every sample of a class has the same chance")
  func balanced() async throws {
    let library = try await KernelBuild.optimized.library
    let arguments = tinysdk_replay_args(samples: 20, classes: 2)
    var kept = [Int](repeating: 0, count: 4)
    for seed in 0..<400 as Range<UInt32> {
      let draws = GuardedBuffer([tinysdk_replay(counter: (0, seed), filled: 0, slot: 0)])
      let counts = GuardedBuffer(repeating: tinysdk_replay_class(), count: 2)
      let labels = GuardedBuffer(repeating: UInt16(0), count: 20)
      var stored = [Int](repeating: -1, count: 20)
      for step in 0..<440 {
        // One of eleven is of class 1.
        let label = GuardedBuffer([Int32(step % 11 == 10 ? 1 : 0)])
        try withExtendedLifetime(label) {
          try library.call(
            "tinysdk_replay_place", arguments, label.pointer, draws.pointer, counts.pointer, labels.pointer)
        }
        let slot = Int(draws.values[0].slot)
        if slot < 20 { stored[slot] = step }
      }
      #expect(counts.values.map(\.stored) == [10, 10])
      for step in stored where step % 11 != 10 { kept[step / 110] += 1 }
    }
    // Ten of 400 steps' samples, 400 times: a thousand from each quarter, standard deviation 27.
    for count in kept { #expect(abs(count - 1000) < 110, "\(kept)") }
  }

  /// The share of the old classes among what is replayed beside new samples of the new ones, and of all.
  @Test("What the new samples leave out is replayed", arguments: [(5..<10, 1.0), (0..<10, 0.5)])
  func complement(coming: Range<Int>, share: Double) async throws {
    let library = try await KernelBuild.optimized.library
    let arguments = tinysdk_replay_args(samples: 100, classes: 10)
    let draws = GuardedBuffer([tinysdk_replay(counter: (0, 1), filled: 0, slot: 0)])
    let counts = GuardedBuffer(repeating: tinysdk_replay_class(), count: 10)
    let labels = GuardedBuffer(repeating: UInt16(0), count: 100)
    var generator = SeededGenerator(seed: 51)
    func place(_ label: Int) throws {
      let operand = GuardedBuffer([Int32(label)])
      try withExtendedLifetime(operand) {
        try library.call(
          "tinysdk_replay_place", arguments, operand.pointer, draws.pointer, counts.pointer, labels.pointer)
      }
    }
    for _ in 0..<300 { try place(Int.random(in: 0..<5, using: &generator)) }
    for _ in 0..<300 { try place(Int.random(in: coming, using: &generator)) }
    var replayed = [Int](repeating: 0, count: 10)
    for _ in 0..<4000 {
      try place(Int.random(in: coming, using: &generator))
      for _ in 0..<2 {
        try library.call("tinysdk_replay_draw", arguments, draws.pointer, counts.pointer, labels.pointer)
        replayed[Int(labels.values[Int(draws.values[0].slot)])] += 1
      }
    }
    #expect(abs(Double(replayed[..<5].reduce(0, +)) / 8000 - share) < 0.1, "\(replayed)")
    // In turn: each of the old classes as often as the next.
    for count in replayed[..<5] { #expect(abs(Double(count) / 8000 - share / 5) < 0.06, "\(replayed)") }
  }

  @Test("However long nothing new comes, all classes are replayed alike, and a new one is not alone")
  func idle() async throws {
    let library = try await KernelBuild.optimized.library
    let arguments = tinysdk_replay_args(samples: 12, classes: 4)
    let draws = GuardedBuffer([tinysdk_replay(counter: (0, 1), filled: 0, slot: 0)])
    let counts = GuardedBuffer(repeating: tinysdk_replay_class(), count: 4)
    let labels = GuardedBuffer(repeating: UInt16(0), count: 12)
    func place(_ label: Int32) throws {
      let operand = GuardedBuffer([label])
      try withExtendedLifetime(operand) {
        try library.call(
          "tinysdk_replay_place", arguments, operand.pointer, draws.pointer, counts.pointer, labels.pointer)
      }
    }
    func replay(_ times: Int) throws -> [Int] {
      var replayed = [Int](repeating: 0, count: 4)
      for _ in 0..<times {
        try library.call("tinysdk_replay_draw", arguments, draws.pointer, counts.pointer, labels.pointer)
        replayed[Int(labels.values[Int(draws.values[0].slot)])] += 1
      }
      return replayed
    }
    for label in 0..<3 as Range<Int32> { for _ in 0..<3 { try place(label) } }
    for count in try replay(9000).prefix(3) { #expect(abs(count - 3000) < 20) }
    #expect(counts.values.allSatisfy { $0.recent <= 1 << 22 })
    for _ in 0..<64 { try place(3) }
    #expect(try replay(100)[3] < 50)
  }

  @Test("Nothing is drawn of an empty memory")
  func empty() async throws {
    let library = try await KernelBuild.trapping.library
    let draws = GuardedBuffer([tinysdk_replay()])
    let counts = GuardedBuffer(repeating: tinysdk_replay_class(), count: 2)
    let labels = GuardedBuffer(repeating: UInt16(0), count: 3)
    try library.call(
      "tinysdk_replay_draw", tinysdk_replay_args(samples: 3, classes: 2), draws.pointer, counts.pointer,
      labels.pointer)
    #expect(draws.values[0].slot == 3 && draws.values[0].counter.0 == 0)
  }
}
