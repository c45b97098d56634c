import Graph

/// When an arena tensor is alive: from the step that writes it to the last step that reads it.
struct Lifetime: Equatable {
  var name: String
  var bytes: Int
  /// Step numbers, inclusive; −1 is before the first step.
  var first: Int
  var last: Int

  mutating func extend(to step: Int) { last = max(last, step) }

  func overlaps(_ other: Lifetime) -> Bool { first <= other.last && other.first <= last }
}

/// Arena tensors that share an address because a kernel works in place from one to the next.
struct SharedBuffer: Equatable {
  var lifetimes: [Lifetime]

  var largest: Int { lifetimes.map(\.bytes).max() ?? 0 }
  /// Bytes × steps: how much of the arena's area the buffer takes.
  var area: Int { lifetimes.reduce(0) { $0 + $1.bytes * ($1.last - $1.first + 1) } }
  var first: Int { lifetimes.map(\.first).min() ?? 0 }
}

/// The name under which a step's scratch stands in the memory plan.
func scratchName(_ step: Step) -> String { "\(step.node.name):scratch" }

/// The lifetimes of everything in the arena, grouped by shared address.
///
/// - Parameter keepInput: the sample stays intact to the end.
func sharedBuffers(_ graph: Graph, _ steps: [Step], keepInput: Bool) -> [SharedBuffer] {
  let lifetimes = tensorLifetimes(graph, steps, keepInput: keepInput)
  var buffers: [SharedBuffer] = []
  var bufferOf: [String: Int] = [:]
  for tensor in graph.tensors(role: .input) {
    guard let lifetime = lifetimes[tensor.name] else { continue }
    bufferOf[tensor.name] = buffers.count
    buffers.append(SharedBuffer(lifetimes: [lifetime]))
  }
  for (position, step) in steps.enumerated() {
    for output in step.node.outputs {
      guard let lifetime = lifetimes[output] else { continue }
      let partner = step.call.inPlace.first { pair in
        pair.output == output && lifetimes[pair.input]?.last == position
      }
      if let partner, let buffer = bufferOf[partner.input] {
        bufferOf[output] = buffer
        buffers[buffer].lifetimes.append(lifetime)
      } else {
        bufferOf[output] = buffers.count
        buffers.append(SharedBuffer(lifetimes: [lifetime]))
      }
    }
    if step.call.operands.contains(.scratch), step.scratchBytes > 0 {
      let lifetime = Lifetime(
        name: scratchName(step), bytes: step.scratchBytes, first: position, last: position)
      buffers.append(SharedBuffer(lifetimes: [lifetime]))
    }
  }
  return buffers
}

private func tensorLifetimes(_ graph: Graph, _ steps: [Step], keepInput: Bool) -> [String: Lifetime] {
  var lifetimes: [String: Lifetime] = [:]
  for tensor in graph.tensors(role: .input) {
    let last = keepInput ? steps.count : -1
    lifetimes[tensor.name] = Lifetime(name: tensor.name, bytes: tensor.byteCount, first: -1, last: last)
  }
  let arena = Dictionary(
    uniqueKeysWithValues: graph.tensors(role: .activation).map { ($0.name, $0.byteCount) })
  for (position, step) in steps.enumerated() {
    for output in step.node.outputs {
      guard let bytes = arena[output] else { continue }
      lifetimes[output] = Lifetime(name: output, bytes: bytes, first: position, last: position)
    }
    for input in step.node.inputs { lifetimes[input]?.extend(to: position) }
  }
  for output in graph.outputs { lifetimes[output]?.last = steps.count }
  return lifetimes
}
