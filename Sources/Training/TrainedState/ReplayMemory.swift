import Compiler

/// What is wrong with a replay memory, as `model_replay_read` gives it; nil where nothing is.
///
/// Layout, little-endian: `tinysdk_replay`, a `tinysdk_replay_class` for each class, `uint16_t` labels padded to
/// a multiple of 4 (tinysdk_learning.h), then every slot's bytes behind the frozen layers.
func problem(ofReplayMemory memory: [UInt8], samples: Int, classes: Int, bytes: Int) -> String? {
  guard memory.count == bytes else { return "its kept samples take \(memory.count) bytes, not \(bytes)" }
  func number(_ offset: Int, bytes: Int) -> Int {
    memory[offset..<offset + bytes].reversed().reduce(0) { $0 << 8 | Int($1) }
  }
  let filled = number(8, bytes: 4)
  guard filled <= samples else { return "it says that \(filled) of \(samples) kept samples are there" }
  let labels = (0..<filled).map { number(16 + 16 * classes + 2 * $0, bytes: 2) }
  for label in 0..<classes where number(16 + 16 * label + 4, bytes: 4) != labels.count(where: { $0 == label })
  {
    return "its count of the kept samples of class \(label) is wrong"
  }
  return labels.contains { $0 >= classes } ? "a kept sample is of no class" : nil
}
