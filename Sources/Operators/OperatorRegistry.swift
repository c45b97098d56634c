import Graph

/// Every operator, by name.
public let operatorRegistry: [String: OperatorDefinition] = Dictionary(
  uniqueKeysWithValues: [
    accumulate, advanceCounter, argmax, averagePool, averagePoolGradient, biasGradient, biasUpdate,
    clampOperator, clipFactor, clipNorm, clipValue, convolution,
    dense, denseFloat, denseFloatBiasGradient, denseFloatBiasUpdate, denseFloatInputGradient,
    denseFloatReluUpdate, denseFloatWeightGradient, denseFloatWeightUpdate, dequantize, gatherPlanes,
    inputGradient, maxPool,
    maxPoolGradient, meanSquaredError, momentum, quantizeGradient, relu, reluGradient, requantize, reshape,
    residualAdd, scaleGradient, scaleRate, scheduleRate, softmaxCrossEntropy, sumGradient, sumSquares,
    takeMean,
    updateFloat, updateInt32, updateInt8, weightGradient, weightUpdate,
  ].map { ($0.name, $0) })

/// The definition behind a node.
/// - Throws: `OperatorError` naming the layer where no operator has that name.
public func operatorDefinition(of node: Node) throws -> OperatorDefinition {
  guard let definition = operatorRegistry[node.op] else {
    throw OperatorError(node, "there is no operator of this name")
  }
  return definition
}

/// Checks every node's outputs against its operator's shape rule.
/// - Throws: `OperatorError` for the first node that does not fit.
public func checkShapes(of graph: Graph) throws {
  for node in graph.nodes {
    let types = try operatorDefinition(of: node).outputTypes(node, graph)
    for (position, name) in node.outputs.enumerated() where !name.isEmpty {
      let tensor = try graph.tensor(name)
      guard types.indices.contains(position) else {
        throw OperatorError(node, "has no output \(position) ('\(name)')")
      }
      guard tensor.shape == types[position].shape, tensor.element == types[position].element else {
        throw OperatorError(
          node,
          "output '\(name)' is \(tensor.element.rawValue)\(tensor.shape), should be "
            + "\(types[position].element.rawValue)\(types[position].shape)")
      }
    }
  }
}
