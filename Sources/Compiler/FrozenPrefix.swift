import CLibCrypto
import Graph

/// The part of a step that computes the same for a sample however much has been learned: everything before
/// the first operator that reads a parameter.
///
/// What crosses its edge is all that the rest of the step needs of a sample, so a host can keep it instead of
/// computing it again, and a device can keep it instead of the sample (latent replay: Pellegrini et al.,
/// "Latent Replay for Real-Time Continual Learning", 2020).
public struct FrozenPrefix: Sendable, Equatable, Codable {
  /// The program's steps before the edge.
  public var steps: Int
  /// The arena tensors that are alive across the edge, in order of their names.
  public var edge: [ArenaPlan.Item]

  /// Bytes of one sample at the edge: its tensors, densely packed.
  public var edgeBytes: Int { edge.reduce(0) { $0 + $1.bytes } }
}

extension Plan {
  /// The longest frozen prefix; `nil` where the first layer learns already.
  public var frozenPrefix: FrozenPrefix? {
    let roles = Dictionary(graph.tensors.map { ($0.name, $0.role) }, uniquingKeysWith: { first, _ in first })
    var count =
      steps.firstIndex { step in
        step.node.phase != .forward
          || step.node.inputs.contains { roles[$0] == .parameter || roles[$0] == .control }
      } ?? steps.count
    // What only a training step keeps belongs behind the edge, so that an inference can start there as well;
    // and int8 is kept in a quarter of the bytes of float32.
    while count > 0, ["gather_planes", "dequantize"].contains(steps[count - 1].node.op) { count -= 1 }
    return count > 0 ? frozenPrefix(steps: count) : nil
  }

  /// What is alive between the first `count` steps and the rest. The input counts where it is read later.
  private func frozenPrefix(steps count: Int) -> FrozenPrefix {
    let read = Set(steps[count...].flatMap(\.node.inputs))
    let edge = arena.items.filter { $0.first < count && read.contains($0.name) }
    return FrozenPrefix(steps: count, edge: edge.sorted { $0.name < $1.name })
  }

  /// SHA-256 over all that a sample's bytes at the edge depend on. Plans of one network that freeze as much
  /// share it, whatever learns behind the edge and whichever kernels they run.
  public func identity(of prefix: FrozenPrefix) -> [UInt8] {
    var content: [UInt8] = []
    func append(_ text: String) { content += Array(text.utf8) + [0] }
    for step in steps[..<prefix.steps] {
      append("\(step.contract) \(step.node.inputs) \(step.node.outputs)")
      content += step.call.argumentBytes
      for operand in step.call.operands {
        switch operand {
        case .table(let table): content += table.bytes
        case .tensor(let name): content += (try? graph.tensor(name))?.data ?? []
        case .scratch, .null: break
        }
      }
    }
    for item in prefix.edge { append("\(item.name) \(item.bytes)") }
    var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
    _ = SHA256(content, content.count, &digest)
    return digest
  }
}
