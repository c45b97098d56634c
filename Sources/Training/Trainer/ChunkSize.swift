/// How many samples travel in one call: many to a fast device, so that calls cost nothing, few to a slow
/// one, so that a person sees progress and can stop. It never changes a result.
struct ChunkSize {
  private(set) var count = 4
  private(set) var total = Duration.zero

  private static let largest = 256
  private static let shortest = Duration.milliseconds(100)
  private static let longest = Duration.milliseconds(400)

  /// The next samples' positions.
  func next(from rest: Range<Int>) -> Range<Int> { rest.prefix(count) }

  /// Makes a call, measures it, and adapts to how long it took.
  mutating func timed<Value>(_ call: () async throws -> Value) async rethrows -> Value {
    let start = ContinuousClock.now
    let value = try await call()
    let time = start.duration(to: .now)
    total += time
    if time < Self.shortest { count = min(count * 2, Self.largest) }
    if time > Self.longest { count = max(count / 2, 1) }
    return value
  }
}
