import Graph

/// The network that was compiled, with what it has learned since: the imported model, with the fresh head
/// where there is one, and the weights and biases of a trained state in their own tensors again.
///
/// Of weights that learn in part, the learned channels return to their places beside the frozen ones.
/// Fractional bits beside int8 weights are left out: inference does not read them.
/// - Parameters:
///   - model: the model as imported.
///   - plan: the plan that the model was compiled to.
///   - state: the trainable state of that plan, in canonical layout.
/// - Throws: `MergeError` where they do not belong together, and what `attachHead` throws.
public func mergeState(_ state: [UInt8], of plan: Plan, into model: Graph) throws -> Graph {
  guard state.count == plan.stateBytes else {
    throw MergeError.wrongSize(expected: plan.stateBytes, actual: state.count)
  }
  var graph = try plan.options.classes.map { try attachHead(model, classes: $0) } ?? model
  for tensor in plan.state {
    let learned = Array(state[tensor.offset..<tensor.offset + tensor.bytes])
    let readers = plan.graph.nodes.filter { $0.phase == .forward && $0.inputs.contains(tensor.name) }
    for reader in readers {
      try merge(learned, tensor.name, readBy: reader, into: &graph)
    }
  }
  return graph
}

/// A state that does not belong to the plan or the model.
public enum MergeError: Error, Equatable, CustomStringConvertible {
  case wrongSize(expected: Int, actual: Int)
  case noPlace(tensor: String)

  public var description: String {
    switch self {
    case .wrongSize(let expected, let actual):
      "the trained state has \(actual) bytes, the plan's has \(expected); it is of another model or update scheme"
    case .noPlace(let tensor):
      "the model has no place for the learned tensor '\(tensor)'; name the model that was trained"
    }
  }
}

private func merge(
  _ learned: [UInt8], _ name: String, readBy reader: Node, into graph: inout Graph
) throws {
  if let whole = try? graph.tensor(name) {
    guard whole.byteCount == learned.count else { throw MergeError.noPlace(tensor: name) }
    try graph.update(name) { $0.data = learned }
    return
  }
  guard let layer = try linearLayers(of: graph).first(where: { graph.nodes[$0.node].name == reader.name }),
    reader.input(3) == name
  else { throw MergeError.noPlace(tensor: name) }
  let weight = try graph.tensor(layer.weight)
  let channels = reader.ints("trained", default: [])
  let merged = try scatter(learned, channels, of: layer, weight, name: name)
  try graph.update(layer.weight) { $0.data = merged }
}

/// The weight's content with the learned positions of its input-channel axis put in their places.
private func scatter(
  _ learned: [UInt8], _ channels: [Int], of layer: UpdatableLayer, _ weight: Tensor, name: String
) throws -> [UInt8] {
  let (outer, axis, inner) = weightAxes(of: layer, weight: weight)
  guard var data = weight.data, learned.count == outer * channels.count * inner,
    channels.allSatisfy({ (0..<axis).contains($0) })
  else { throw MergeError.noPlace(tensor: name) }
  for out in 0..<outer {
    for (position, channel) in channels.enumerated() {
      let source = (out * channels.count + position) * inner
      let target = (out * axis + channel) * inner
      data.replaceSubrange(target..<target + inner, with: learned[source..<source + inner])
    }
  }
  return data
}
