import Graph

/// The positions of a weight's input-channel axis that learn, ascending.
///
/// A fraction picks ⌊count × fraction⌋ positions of largest L2 norm of the int8 weights ("magnitude+" of
/// tiny-training); of equal norms the lower position wins.
func chosenChannels(_ channels: UpdateScheme.Channels, of layer: UpdatableLayer, _ graph: Graph) throws
  -> [Int]
{
  switch channels {
  case .list(let list):
    let strangers = list.filter { $0 < 0 || $0 >= layer.inputChannels }
    guard strangers.isEmpty else {
      throw CompilerError.noSuchChannels(layer: layer.name, channels: strangers, count: layer.inputChannels)
    }
    return Set(list).sorted()
  case .fraction(let fraction):
    let count = min(layer.inputChannels, Int(Double(layer.inputChannels) * fraction))
    let norms = squaredNorms(of: layer, weight: try graph.tensor(layer.weight))
    let ranked = norms.indices.sorted { (norms[$0], $1) > (norms[$1], $0) }
    return ranked.prefix(count).sorted()
  }
}

/// Σ w² per position of the weight's input-channel axis.
private func squaredNorms(of layer: UpdatableLayer, weight: Tensor) -> [Int] {
  let (outer, axis, inner) = weightAxes(of: layer, weight: weight)
  let values = weight.int8Data
  var norms = [Int](repeating: 0, count: axis)
  for out in 0..<outer {
    for channel in 0..<axis {
      for element in 0..<inner {
        let value = Int(values[(out * axis + channel) * inner + element])
        norms[channel] += value * value
      }
    }
  }
  return norms
}

/// The weight as [outer][input-channel axis][inner].
func weightAxes(of layer: UpdatableLayer, weight: Tensor) -> (outer: Int, axis: Int, inner: Int) {
  let outer = layer.isDepthwise ? 1 : weight.shape[0]
  return (outer, layer.inputChannels, weight.count / (outer * layer.inputChannels))
}
