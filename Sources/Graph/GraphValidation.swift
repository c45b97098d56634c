extension Graph {
  /// Checks that names are unique, data fit their shapes, and every tensor is written before it is read.
  /// - Throws: the first `GraphError` found, in program order.
  public func validate() throws(GraphError) {
    for tensor in tensors {
      if let data = tensor.data, data.count != tensor.byteCount {
        throw .wrongDataSize(tensor: tensor.name, bytes: data.count, expected: tensor.byteCount)
      }
    }
    var written = Set(tensors.filter { $0.role != .activation }.map(\.name))
    var nodeNames: Set<String> = []
    for node in nodes {
      guard nodeNames.insert(node.name).inserted else { throw .duplicateNode(node.name) }
      for input in node.inputs where !input.isEmpty {
        guard contains(input) else { throw .unknownTensor(input) }
        guard written.contains(input) else { throw .usedBeforeWritten(tensor: input, node: node.name) }
      }
      for output in node.outputs where !output.isEmpty {
        guard contains(output) else { throw .unknownTensor(output) }
        written.insert(output)
      }
    }
    for output in outputs where !written.contains(output) { throw .unknownTensor(output) }
  }

  /// The same graph with its nodes in an order in which every tensor is written before it is read; nodes
  /// that are free to move keep their order.
  /// - Throws: `GraphError.cycle` with the names of the nodes that wait for each other.
  public func topologicallySorted() throws(GraphError) -> Graph {
    let producers = self.producers
    var state = [Int](repeating: 0, count: nodes.count)  // 0 unseen, 1 on the path, 2 done
    var order: [Int] = []
    var path: [Int] = []
    for start in nodes.indices where state[start] == 0 {
      var stack = [(node: start, next: 0)]
      state[start] = 1
      path = [start]
      while let (node, next) = stack.last {
        let inputs = nodes[node].inputs
        if next == inputs.count {
          state[node] = 2
          order.append(node)
          stack.removeLast()
          path.removeLast()
          continue
        }
        stack[stack.count - 1].next += 1
        guard let producer = producers[inputs[next]] else { continue }
        if state[producer] == 1 {
          let circle = path.drop { $0 != producer } + [producer]
          throw .cycle(circle.map { nodes[$0].name })
        }
        if state[producer] == 0 {
          state[producer] = 1
          stack.append((producer, 0))
          path.append(producer)
        }
      }
    }
    var sorted = self
    sorted.nodes = order.map { nodes[$0] }
    return sorted
  }
}
