import Graph

/// The geometry of a pooling window, over `kernel`, `strides`, `pads` and `dilations` of the node.
struct PoolingShape {
  var input: [Int]
  var output: [Int]
  private var fields: [KernelArgument]
  /// Elements of one window.
  var windowSize: Int

  init(_ node: Node, input: [Int]) throws {
    guard input.count == 4 else { throw OperatorError(node, "pools \(input.count) dimensions, not 4") }
    let kernel = node.ints("kernel", default: Array(input[2...]))
    let strides = node.ints("strides", default: [1, 1])
    let pads = node.ints("pads", default: [0, 0, 0, 0])
    let dilations = node.ints("dilations", default: [1, 1])
    guard kernel.count == 2, strides.count == 2, pads.count == 4, dilations.count == 2,
      (kernel + strides + dilations).allSatisfy({ $0 > 0 }), pads.allSatisfy({ $0 >= 0 })
    else { throw OperatorError(node, "kernel, stride and dilation must be positive, padding not negative") }
    guard pads[0] < kernel[0] * dilations[0], pads[1] < kernel[1] * dilations[1] else {
      throw OperatorError(node, "the padding is larger than the window")
    }
    let height = windowCount(input[2], kernel[0], strides[0], dilations[0], pads[0] + pads[2])
    let width = windowCount(input[3], kernel[1], strides[1], dilations[1], pads[1] + pads[3])
    guard height > 0, width > 0 else {
      throw OperatorError(node, "the window is larger than its padded input")
    }
    self.input = input
    output = [input[0], input[1], height, width]
    windowSize = kernel[0] * kernel[1]
    fields = [
      .init("batch", input[0]), .init("channels", input[1]), .init("in_height", input[2]),
      .init("in_width", input[3]), .init("out_height", height), .init("out_width", width),
      .init("kernel_height", kernel[0]), .init("kernel_width", kernel[1]), .init("stride_y", strides[0]),
      .init("stride_x", strides[1]), .init("pad_top", pads[0]), .init("pad_left", pads[1]),
      .init("dilation_y", dilations[0]), .init("dilation_x", dilations[1]),
    ]
  }

  /// The fields of `tinysdk_pool2d_args`.
  func arguments(_ node: Node, zero: Int) -> [KernelArgument] {
    let clamp = clampRange(of: node)
    return fields + [
      .init("zero", zero), .init("count_padding", node.int("count_padding")), .init("clamp_min", clamp.low),
      .init("clamp_max", clamp.high),
    ]
  }

  /// The fields of `tinysdk_average_pool2d_gradient_args` for gradients of `bits` bits: the shares are as
  /// fine as sums below 2³⁰ allow, an element getting one from every window that it lies in.
  func shareArguments(_ node: Node, bits: Int) -> [KernelArgument] {
    let kernel = node.ints("kernel", default: Array(input[2...]))
    let strides = node.ints("strides", default: [1, 1])
    let dilations = node.ints("dilations", default: [1, 1])
    var windows = 1
    for axis in 0..<2 {
      let extent = (kernel[axis] - 1) * dilations[axis] + 1
      windows *= min((extent + strides[axis] - 1) / strides[axis], output[2 + axis])
    }
    // Without padding counted, a corner's window may hold a single pixel.
    let countsAll =
      node.int("count_padding") == 1 || node.ints("pads", default: [0, 0, 0, 0]).allSatisfy { $0 == 0 }
    let divisor = countsAll ? windowSize : 1
    var shareBits = 1
    while shareBits < 24, (windows * ((1 << (shareBits + 1)) / divisor + 1)) << bits < 1 << 30 {
      shareBits += 1
    }
    return fields + [.init("count_padding", node.int("count_padding")), .init("share_bits", shareBits)]
  }
}

/// The pooling attributes of a forward node that its backward node repeats.
func poolingAttributes(_ node: Node, input: [Int]) -> [String: Attribute] {
  var attributes: [String: Attribute] = ["input_shape": .ints(input)]
  for key in ["kernel", "strides", "pads", "dilations", "count_padding"] {
    attributes[key] = node.attributes[key]
  }
  return attributes
}

/// The incoming gradient of a pooling node, cut where a clamp tighter than int8 stopped the value.
func clampedGradient(_ node: Node, _ state: inout Differentiation, maskPosition: Int) throws -> String? {
  guard let incoming = try state.gradient(of: node.outputs[0], layer: node.layer) else { return nil }
  guard clampRange(of: node) != (-128, 127) else { return incoming }
  let mask = try state.requestOutput(maskPosition, of: node.name, suffix: "mask")
  let one = try state.constant("\(node.layer).effective_scale", [1])
  return try state.append(
    "scale", "\(node.outputs[0]).grad.clamped", inputs: [incoming, one, mask], layer: node.layer)
}

/// The zero point that a pooling node's input and output share.
func sharedZeroPoint(_ node: Node, _ graph: Graph) throws -> Int {
  let input = try quantization(of: try graph.tensor(node.inputs[0]), node)
  guard input == (try quantization(of: try graph.tensor(node.outputs[0]), node)) else {
    throw OperatorError(
      node, "input and output must share scale and zero point (put a 'requantize' behind it)")
  }
  return input.zeroPoint
}
