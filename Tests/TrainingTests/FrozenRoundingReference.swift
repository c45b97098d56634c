import Foundation
import Graph

/// A forward pass in float64, independent of every kernel, for finite differences.
///
/// The first run records, at each int8 tensor, how far rounding moved the value and where the clamp stopped
/// it. Later runs with moved parameters keep both as they were: what is left is the smooth function that
/// straight-through gradients differentiate.
struct FrozenRoundingReference {
  let graph: Graph
  /// Weights and biases, which the caller may move.
  var parameters: [String: [Double]] = [:]
  private var moved: [String: [Double]] = [:]
  private var passes: [String: [Bool]] = [:]
  private var winners: [String: [Int]] = [:]

  init(_ graph: Graph) {
    self.graph = graph
    for tensor in graph.tensors where tensor.data != nil {
      switch tensor.element {
      case .int8: parameters[tensor.name] = tensor.int8Data.map(Double.init)
      case .int32: parameters[tensor.name] = tensor.int32Data.map(Double.init)
      default: parameters[tensor.name] = tensor.float32Data.map(Double.init)
      }
    }
  }

  /// Softmax cross-entropy of the network's answer. The first call records.
  mutating func loss(input: [Int8], label: Int) throws -> Double {
    let logits = try outputs(input: input)
    let largest = logits.max() ?? 0
    let sum = logits.reduce(0) { $0 + exp($1 - largest) }
    return log(sum) - (logits[label] - largest)
  }

  /// Mean squared error of the network's answer. The first call records.
  mutating func squaredError(input: [Int8], target: [Double]) throws -> Double {
    let outputs = try outputs(input: input)
    return zip(outputs, target).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / Double(outputs.count)
  }

  private mutating func outputs(input: [Int8]) throws -> [Double] {
    var values = parameters
    values["input"] = input.map(Double.init)
    for node in graph.nodes { try run(node, &values) }
    return values[graph.outputs[0]] ?? []
  }

  private mutating func run(_ node: Node, _ values: inout [String: [Double]]) throws {
    let inputs = node.inputs.map { values[$0] ?? [] }
    let shapes = try node.inputs.map { $0.isEmpty ? [] : try graph.tensor($0).shape }
    let output = try graph.tensor(node.outputs[0])
    let quantizations = try node.inputs.map { $0.isEmpty ? nil : try graph.tensor($0).quantization }
    switch node.op {
    case "dequantize":
      values[output.name] = inputs[0].map {
        ($0 - Double(quantizations[0]!.zeroPoint)) * Double(Float(quantizations[0]!.scale))
      }
    case "dense_f32": values[output.name] = matrixProduct(inputs[0], inputs[1], inputs[2])
    default:
      let real = try realValues(node, inputs, shapes, quantizations, output)
      values[output.name] = frozen(node, output.name, real)
    }
  }

  /// The integer-domain value before rounding and clamping.
  private mutating func realValues(
    _ node: Node, _ inputs: [[Double]], _ shapes: [[Int]], _ quantizations: [Quantization?], _ output: Tensor
  ) throws -> [Double] {
    let (scale, zero) = (output.quantization!.scale, Double(output.quantization!.zeroPoint))
    let first = quantizations[0]!
    func centred(_ position: Int) -> [Double] {
      inputs[position].map { $0 - Double(quantizations[position]!.zeroPoint) }
    }
    switch node.op {
    case "conv2d", "dense":
      let sums =
        node.op == "dense"
        ? matrixProduct(centred(0), centred(1), inputs[2])
        : convolve(node, centred(0), shapes[0], centred(1), shapes[1], inputs[2], output.shape)
      let plane = output.count / output.shape[1]
      return sums.enumerated().map { index, sum in
        sum * (first.scale * quantizations[1]!.scale(ofChannel: index / plane) / scale) + zero
      }
    case "add":
      return zip(centred(0), centred(1)).map {
        ($0 * first.scale + $1 * quantizations[1]!.scale) / scale + zero
      }
    case "requantize": return centred(0).map { $0 * first.scale / scale + zero }
    case "average_pool2d": return pool(node, inputs[0], shapes[0], output.shape, zero: zero, maximum: false)
    case "max_pool2d": return pool(node, inputs[0], shapes[0], output.shape, zero: zero, maximum: true)
    default: throw GraphError.unknownTensor(node.op)
    }
  }

  private mutating func frozen(_ node: Node, _ name: String, _ real: [Double]) -> [Double] {
    if moved[name] == nil {
      let clamp = node.ints("clamp", default: [-128, 127]).map(Double.init)
      let rounded = real.map { $0.rounded(.toNearestOrEven) }
      passes[name] = rounded.map { clamp[0] <= $0 && $0 <= clamp[1] }
      moved[name] = zip(real, rounded).map { min(max($1, clamp[0]), clamp[1]) - $0 }
      // Where the clamp stopped the value, `moved` holds the value itself.
      for index in real.indices where !passes[name]![index] { moved[name]![index] += real[index] }
    }
    return real.indices.map { passes[name]![$0] ? real[$0] + moved[name]![$0] : moved[name]![$0] }
  }

  private mutating func pool(
    _ node: Node, _ x: [Double], _ input: [Int], _ output: [Int], zero: Double, maximum: Bool
  ) -> [Double] {
    let (kernel, strides, pads) = (node.ints("kernel"), node.ints("strides"), node.ints("pads"))
    let isRecording = winners[node.name] == nil
    var result: [Double] = []
    for (plane, y, column) in positions(output) {
      var inside: [Int] = []
      for ky in 0..<kernel[0] {
        for kx in 0..<kernel[1] {
          let (iy, ix) = (y * strides[0] + ky - pads[0], column * strides[1] + kx - pads[1])
          guard (0..<input[2]).contains(iy), (0..<input[3]).contains(ix) else { continue }
          inside.append((plane * input[2] + iy) * input[3] + ix)
        }
      }
      if maximum {
        if isRecording { winners[node.name, default: []].append(inside.max { x[$0] < x[$1] }!) }
        result.append(x[isRecording ? winners[node.name]!.last! : winners[node.name]![result.count]])
      } else {
        let missing = node.int("count_padding") == 1 ? kernel[0] * kernel[1] - inside.count : 0
        let sum = inside.reduce(Double(missing) * zero) { $0 + x[$1] }
        result.append(sum / Double(inside.count + missing))
      }
    }
    return result
  }
}

private func positions(_ shape: [Int]) -> [(plane: Int, y: Int, x: Int)] {
  (0..<shape[1]).flatMap { plane in
    (0..<shape[2]).flatMap { y in (0..<shape[3]).map { (plane, y, $0) } }
  }
}

private func matrixProduct(_ x: [Double], _ weights: [Double], _ bias: [Double]) -> [Double] {
  bias.enumerated().map { row, bias in
    x.indices.reduce(bias) { $0 + weights[row * x.count + $1] * x[$1] }
  }
}

private func convolve(
  _ node: Node, _ x: [Double], _ input: [Int], _ weights: [Double], _ weight: [Int], _ bias: [Double],
  _ output: [Int]
) -> [Double] {
  let (strides, pads) = (node.ints("strides"), node.ints("pads"))
  let (dilations, groups) = (node.ints("dilations"), node.int("groups"))
  return positions(output).map { channel, y, column in
    var sum = bias[channel]
    let group = channel / (output[1] / groups)
    for c in 0..<weight[1] {
      for ky in 0..<weight[2] {
        for kx in 0..<weight[3] {
          let iy = y * strides[0] + ky * dilations[0] - pads[0]
          let ix = column * strides[1] + kx * dilations[1] - pads[1]
          guard (0..<input[2]).contains(iy), (0..<input[3]).contains(ix) else { continue }
          let weightIndex = ((channel * weight[1] + c) * weight[2] + ky) * weight[3] + kx
          sum += weights[weightIndex] * x[((group * weight[1] + c) * input[2] + iy) * input[3] + ix]
        }
      }
    }
    return sum
  }
}
