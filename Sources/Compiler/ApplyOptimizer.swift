import Graph
import Operators

/// Puts the optimizer between gradients and updates: mean over samples, clipping, momentum; and a rate that
/// follows a schedule.
///
/// Whatever stands in between keeps a gradient from being fused with its update, so it is held whole. The
/// order of the global norm's sum is that of the updates: the head, then the layers from the last to the
/// first, a layer's bias before its weights.
/// - Throws: `CompilerError.scheduleTooShort`.
func applyOptimizer(_ graph: Graph, _ optimizer: Optimizer) throws -> Graph {
  guard optimizer != Optimizer() else { return graph }
  if case .cosine(let steps) = optimizer.schedule, steps <= optimizer.warmUp {
    throw CompilerError.scheduleTooShort(steps: steps, warmUp: optimizer.warmUp)
  }
  var pass = OptimizerPass(graph: graph, optimizer: optimizer)
  try pass.insert()
  return pass.graph
}

/// One parameter's way from its gradient to its update.
private struct Chain {
  var update: Node
  /// The gradient as it is after the nodes so far.
  var gradient: String
  /// Exact quantization-aware scale per row of the gradient; `nil` for float32 parameters.
  var scale: String?
  var parameter: String { update.inputs[1] }
}

private struct OptimizerPass {
  var graph: Graph
  let optimizer: Optimizer
  private var chains: [Chain] = []
  /// The nodes in between, in program order.
  private var between: [Node] = []
  private let mostScales = Double(Float.greatestFiniteMagnitude)

  init(graph: Graph, optimizer: Optimizer) {
    self.graph = graph
    self.optimizer = optimizer
  }

  mutating func insert() throws {
    let updates = graph.nodes.filter { updateOperators.contains($0.op) }
    graph.nodes.removeAll { updateOperators.contains($0.op) }
    chains = updates.map { Chain(update: $0, gradient: $0.inputs[0], scale: scaleInput(of: $0)) }
    if holdsGradients { try alignScales() }
    if optimizer.accumulate > 1 { for index in chains.indices { try accumulate(index) } }
    switch optimizer.clip {
    case .norm(let limit): try clipNorm(limit)
    case .value(let limit): for index in chains.indices { try clipValue(index, limit) }
    case nil: break
    }
    if optimizer.momentum > 0 { for index in chains.indices { try addMomentum(index) } }
    let rate = try scheduledRate()
    for index in chains.indices { try finish(index, rate: rate) }
    try assemble()
  }

  private var holdsGradients: Bool {
    optimizer.accumulate > 1 || optimizer.clip != nil || optimizer.momentum > 0
  }

  private func scaleInput(of update: Node) -> String? {
    update.op == "update_float32" ? nil : update.inputs[2]
  }

  /// The rows of a partly learning depthwise weight are some of its channels; a kernel that takes the
  /// gradient whole wants their scales alone.
  private mutating func alignScales() throws {
    let producers = graph.producers
    for index in chains.indices {
      guard let name = chains[index].scale, let producer = producers[chains[index].gradient] else { continue }
      let (all, rows) = (
        try graph.tensor(name).float32Data, try graph.tensor(chains[index].parameter).shape[0]
      )
      let channels = graph.nodes[producer].ints("trained")
      guard all.count != rows, !channels.isEmpty else { continue }
      let each = rows / channels.count
      let picked = channels.flatMap { all[$0 * each..<($0 + 1) * each] }
      let own = try constant("\(name).trained", picked)
      chains[index].scale = own
      chains[index].update.inputs[2] = own
    }
  }

  private mutating func constant(_ base: String, _ values: [Float]) throws -> String {
    let name = graph.freeTensorName(base)
    try graph.define(
      Tensor(name, .float32, [values.count], role: .constant, data: littleEndianBytes(values)))
    return name
  }

  /// Appends a node and returns its result's name.
  private mutating func append(
    _ op: String, _ suffix: String, of chain: Chain, inputs: [String], shape: [Int]? = nil,
    attributes: [String: Attribute] = [:]
  ) throws -> String {
    let name = graph.freeTensorName("\(chain.parameter).\(suffix)")
    let shape = try shape ?? graph.tensor(chain.gradient).shape
    try graph.define(Tensor(name, .float32, shape))
    between.append(
      Node(
        name, op, inputs: inputs, outputs: [name], attributes: attributes, phase: .update,
        layer: chain.update.layer))
    return name
  }

  /// A state tensor of a parameter's shape, 0 at first.
  private mutating func stateTensor(_ suffix: String, of chain: Chain) throws -> String {
    let name = graph.freeTensorName("\(chain.parameter).\(suffix)")
    let shape = try graph.tensor(chain.gradient).shape
    try graph.define(Tensor(name, .float32, shape, role: .parameter))
    return name
  }

  private mutating func accumulate(_ index: Int) throws {
    let chain = chains[index]
    let sum = try stateTensor("gradient_sum", of: chain)
    between.append(
      Node(
        "\(sum).add", "sum_gradient", inputs: [sum, chain.gradient], outputs: [], phase: .update,
        layer: chain.update.layer))
    chains[index].gradient = try append(
      "take_mean", "gradient_mean", of: chain, inputs: [sum],
      attributes: ["samples": .int(optimizer.accumulate)])
  }

  private mutating func clipNorm(_ limit: Double) throws {
    var square = ""
    for chain in chains {
      square = try append(
        "sum_squares", "square", of: chain, inputs: [chain.gradient, chain.scale ?? "", square], shape: [1])
    }
    guard let last = chains.last else { return }
    let factor = try append(
      "clip_factor", "clip_factor", of: last, inputs: [square], shape: [1],
      attributes: ["limit": .float(limit)])
    for index in chains.indices {
      chains[index].gradient = try append(
        "clip_norm", "clipped", of: chains[index], inputs: [chains[index].gradient, factor])
    }
  }

  private mutating func clipValue(_ index: Int, _ limit: Double) throws {
    let chain = chains[index]
    let rows = try graph.tensor(chain.gradient).shape[0]
    let limits = try chain.scale.map { scale in
      try graph.tensor(scale).float32Data.map { Float(min(limit / Double($0).squareRoot(), mostScales)) }
    }
    let table = try constant(
      "\(chain.parameter).limits", limits ?? Array(repeating: Float(limit), count: rows))
    chains[index].gradient = try append(
      "clip_value", "clipped", of: chain, inputs: [chain.gradient, table])
  }

  private mutating func addMomentum(_ index: Int) throws {
    let chain = chains[index]
    let velocity = try stateTensor("velocity", of: chain)
    chains[index].gradient = try append(
      "momentum", "moved", of: chain, inputs: [chain.gradient, velocity],
      attributes: ["factor": .float(optimizer.momentum)])
  }

  /// The name of the rate that updates take.
  private mutating func scheduledRate() throws -> String {
    guard optimizer.changesRate, !chains.isEmpty else { return ControlTensor.learningRate }
    try graph.countSteps()
    var attributes: [String: Attribute] = ["warm_up": .int(optimizer.warmUp)]
    switch optimizer.schedule {
    case .constant: attributes["schedule"] = "constant"
    case .cosine(let steps):
      attributes["schedule"] = "cosine"
      attributes["steps"] = .int(steps)
    case .step(let every, let factor):
      attributes["schedule"] = "step"
      attributes["decay_every"] = .int(every)
      attributes["factor"] = .float(factor)
    }
    let name = graph.freeTensorName("\(ControlTensor.learningRate).scheduled")
    try graph.define(Tensor(name, .float32, [1]))
    between.append(
      Node(
        name, "schedule_rate", inputs: [ControlTensor.learningRate, ControlTensor.stepCounter],
        outputs: [name], attributes: attributes, phase: .update))
    return name
  }

  /// Gives an update its gradient, its scale and its rate.
  private mutating func finish(_ index: Int, rate: String) throws {
    let chain = chains[index]
    let factor = optimizer.rates[chain.update.layer] ?? 1
    var update = chain.update
    update.inputs[0] = chain.gradient
    if update.op == "update_float32" {
      update.inputs[2] = rate
      if factor != 1 {
        let table = try constant("\(chain.parameter).rate_factor", [Float(factor)])
        update.inputs[2] = try append("scale_rate", "rate", of: chain, inputs: [rate, table], shape: [1])
      }
    } else {
      update.inputs[3] = rate
      update.inputs[2] = try scaled(chain, by: factor)
    }
    chains[index].update = update
  }

  /// The scale that the update takes: with the layer's own rate in it, and as a power of two where asked.
  private mutating func scaled(_ chain: Chain, by factor: Double) throws -> String {
    let exact = chain.update.inputs[2]
    guard factor != 1 || optimizer.scaling == .shift else { return exact }
    var values = try graph.tensor(exact).float32Data.map(Double.init)
    if optimizer.scaling == .shift {
      let shift = nearestPowerOfTwo(toMeanOf: values)
      values = values.map { _ in shift }
    }
    return try constant("\(exact).update", values.map { Float(min($0 * factor, mostScales)) })
  }

  /// The nodes in order; with accumulation, all that comes behind the sums runs only where an update is due.
  private mutating func assemble() throws {
    var added = between + chains.map(\.update)
    if optimizer.accumulate > 1 {
      for position in added.indices where added[position].op != "sum_gradient" {
        added[position].attributes["every"] = .int(optimizer.accumulate)
      }
      try graph.countSteps()
    }
    let counting = graph.nodes.filter { $0.op == advanceCounterOperator }
    graph.nodes = graph.nodes.filter { $0.op != advanceCounterOperator } + added + counting
  }
}
