import Compiler
import Graph
import KernelBridge
import Operators

/// How large the loss's gradient with respect to one tensor is, in units of the real weights: the gradient of
/// an int8 weight w, which stands for s · w, is divided by s.
///
/// A step of plain SGD at rate r lowers the loss by r · ‖g‖² to first order, so squared norms of disjoint
/// tensors add up to what a scheme gains with its first step.
public struct GradientMagnitude: Sendable, Equatable, Codable {
  /// The layer, in order of execution.
  public var layer: Int
  public var isBias: Bool
  /// Per position of the weight's input-channel axis, one value for a bias: the mean over the samples of the
  /// squared norm.
  public var power: [Double]
  /// As `power`, of the samples' mean gradient, estimated without the samples' own noise: the sum over pairs
  /// of different samples of their gradients' products. May be negative where there is nothing but noise.
  public var signal: [Double]
}

/// Measures gradients behind a head that has learned for a while.
/// - Parameters:
///   - plan: a program that yields the gradients of a scheme's parameters (`CompileOptions.Purpose.gradients`).
///   - head: the training program of the same network in which the head alone learns.
///   - layers: the network's, in order of execution.
///   - warmUp: samples from which the head learns first, in order.
///   - samples: two or more samples whose gradients are measured.
///   - rate: of the head's steps.
/// - Throws: what the twin and the kernels throw; `GraphError` for plans that do not belong together.
public func gradientMagnitudes(
  _ plan: Plan, head: Plan, layers: [UpdatableLayer], kernels: KernelLibrary, warmUp: [Sample],
  samples: [Sample], rate: Float
) async throws -> [GradientMagnitude] {
  let twin = try InterpretedTwin(head, kernels: kernels)
  _ = try await twin.train(warmUp.map { TrainingSample(input: $0.input, label: $0.label, rate: rate) })
  let state = try await twin.readState()
  let interpreter = try PlanInterpreter(plan, kernels: kernels)
  for tensor in head.state where plan.graph.contains(tensor.name) {
    try interpreter.write(tensor.name, Array(state[tensor.offset..<tensor.offset + tensor.bytes]))
  }
  var sums = try measuredGradients(of: plan, layers: layers)
  for sample in samples {
    try Task.checkCancellation()
    for tensor in plan.graph.tensors(role: .input) {
      try interpreter.write(tensor.name, sample.input.map { UInt8(bitPattern: $0) })
    }
    try interpreter.write(ControlTensor.label, littleEndianBytes([Int32(sample.label)]))
    try interpreter.run()
    for position in sums.indices {
      sums[position].add(try interpreter.bytes(of: sums[position].tensor).bindMemory(to: Float.self))
    }
  }
  return sums.map { $0.magnitude(samples: samples.count) }
}

/// What the gradients of one tensor add up to.
private struct GradientSum {
  var tensor: String
  var layer: Int
  var isBias: Bool
  /// The divisor of each output channel's gradients, squared.
  var scales: [Double]
  var inputChannels: Int
  /// Elements that follow each other in one place of the input-channel axis.
  var inner: Int
  var sums: [Double]
  var squares: [Double]

  mutating func add(_ gradients: UnsafeMutableBufferPointer<Float>) {
    for (position, gradient) in gradients.enumerated() {
      let value = Double(gradient)
      sums[position] += value
      squares[position] += value * value
    }
  }

  func magnitude(samples: Int) -> GradientMagnitude {
    var power = [Double](repeating: 0, count: inputChannels)
    var signal = power
    let count = Double(samples)
    let perOutput = sums.count / scales.count
    for position in sums.indices {
      let channel = position / inner % inputChannels
      let scale = scales[position / perOutput]
      power[channel] += squares[position] / count * scale
      signal[channel] += (sums[position] * sums[position] - squares[position]) / (count * (count - 1)) * scale
    }
    return GradientMagnitude(layer: layer, isBias: isBias, power: power, signal: signal)
  }
}

private func measuredGradients(of plan: Plan, layers: [UpdatableLayer]) throws -> [GradientSum] {
  let graph = plan.graph
  let producers = graph.producers
  return try graph.outputs.compactMap { output in
    guard let producer = producers[output],
      case .string(let parameter)? = graph.nodes[producer].attributes["parameter"],
      let index = layers.firstIndex(where: { $0.weight == parameter || $0.bias == parameter })
    else { return nil }
    let layer = layers[index]
    let isBias = layer.bias == parameter
    let weight = try graph.tensor(layer.weight)
    let node = graph.nodes.first { $0.phase == .forward && $0.layer == layer.name && $0.op == layer.op }
    let inputScale = try node.map { try graph.tensor($0.inputs[0]).quantization?.scale ?? 1 } ?? 1
    let outputs = weight.shape[0]
    let scales = (0..<outputs).map { channel in
      let scale = (weight.quantization?.scale(ofChannel: channel) ?? 1) * (isBias ? inputScale : 1)
      return 1 / (scale * scale)
    }
    let count = try graph.tensor(output).count
    let axis = isBias ? 1 : layer.inputChannels
    return GradientSum(
      tensor: output, layer: index, isBias: isBias, scales: scales, inputChannels: axis,
      inner: isBias ? 1 : count / (layer.isDepthwise ? axis : outputs * axis),
      sums: .init(repeating: 0, count: count), squares: .init(repeating: 0, count: count))
  }
}
