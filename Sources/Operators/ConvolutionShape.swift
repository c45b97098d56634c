import Graph

/// The geometry of a convolution and of the kernels that run it backward.
struct ConvolutionShape {
  var batch: Int
  var inChannels: Int
  var inHeight: Int
  var inWidth: Int
  var outChannels: Int
  var outHeight: Int
  var outWidth: Int
  var kernel: [Int]
  var strides: [Int]
  /// Top, left, bottom, right.
  var pads: [Int]
  var dilations: [Int]
  var groups: Int

  /// Input channels of the weight tensor.
  var inPerGroup: Int { inChannels / groups }
  var isDepthwise: Bool { groups == inChannels && groups > 1 }
  var isPointwise: Bool {
    kernel == [1, 1] && strides == [1, 1] && pads.allSatisfy { $0 == 0 } && groups == 1
  }
  /// Multiplications of one pass.
  var macs: Int { batch * outChannels * outHeight * outWidth * inPerGroup * kernel[0] * kernel[1] }
  var inputShape: [Int] { [batch, inChannels, inHeight, inWidth] }
  var outputShape: [Int] { [batch, outChannels, outHeight, outWidth] }

  /// - Parameters:
  ///   - input: shape of the layer's input; missing height and width count as 1.
  ///   - outChannels: the number of output channels.
  ///   - kernel: height and width.
  init(_ node: Node, input: [Int], outChannels: Int, kernel: [Int]) throws {
    let input = input + Array(repeating: 1, count: max(0, 4 - input.count))
    self.kernel = kernel
    strides = node.ints("strides", default: [1, 1])
    pads = node.ints("pads", default: [0, 0, 0, 0])
    dilations = node.ints("dilations", default: [1, 1])
    groups = node.int("groups", default: 1)
    guard input.count == 4, kernel.count == 2, strides.count == 2, pads.count == 4, dilations.count == 2
    else {
      throw OperatorError(node, "is not two-dimensional")
    }
    (batch, inChannels, inHeight, inWidth) = (input[0], input[1], input[2], input[3])
    self.outChannels = outChannels
    guard (kernel + strides + dilations).allSatisfy({ $0 > 0 }), pads.allSatisfy({ $0 >= 0 }), groups > 0
    else {
      throw OperatorError(node, "kernel, stride, dilation and groups must be positive, padding not negative")
    }
    guard inChannels % groups == 0, outChannels % groups == 0 else {
      throw OperatorError(
        node, "\(inChannels) input and \(outChannels) output channels do not divide into \(groups) groups")
    }
    outHeight = windowCount(inHeight, kernel[0], strides[0], dilations[0], pads[0] + pads[2])
    outWidth = windowCount(inWidth, kernel[1], strides[1], dilations[1], pads[1] + pads[3])
    guard outHeight > 0, outWidth > 0 else {
      throw OperatorError(node, "the kernel is larger than its padded input")
    }
  }

  /// The fields of `tinysdk_conv2d_args`.
  func arguments(
    inputZero: Int = 0, weightZero: Int = 0, outputZero: Int = 0, clamp: (low: Int, high: Int) = (-128, 127),
    rounding: Rounding = .tflite, trainedChannels: Int = 0
  ) -> [KernelArgument] {
    [
      .init("batch", batch), .init("in_channels", inChannels), .init("in_height", inHeight),
      .init("in_width", inWidth), .init("out_channels", outChannels), .init("out_height", outHeight),
      .init("out_width", outWidth), .init("kernel_height", kernel[0]), .init("kernel_width", kernel[1]),
      .init("stride_y", strides[0]), .init("stride_x", strides[1]), .init("pad_top", pads[0]),
      .init("pad_left", pads[1]), .init("dilation_y", dilations[0]), .init("dilation_x", dilations[1]),
      .init("groups", groups), .init("input_zero", inputZero), .init("weight_zero", weightZero),
      .init("output_zero", outputZero), .init("clamp_min", clamp.low), .init("clamp_max", clamp.high),
      .init("rounding", rounding.code), .init("trained_channels", trainedChannels),
    ]
  }

  /// The attributes that a backward node needs to rebuild this geometry.
  var backwardAttributes: [String: Attribute] {
    [
      "strides": .ints(strides), "pads": .ints(pads), "dilations": .ints(dilations), "groups": .int(groups),
      "kernel": .ints(kernel), "input_shape": .ints(inputShape), "out_channels": .int(outChannels),
    ]
  }

  /// The geometry that `backwardAttributes` describes.
  init(backward node: Node) throws {
    try self.init(
      node, input: node.ints("input_shape"), outChannels: node.int("out_channels"),
      kernel: node.ints("kernel"))
  }
}

/// Positions that a window takes along one axis of `size` elements, `padding` in all.
func windowCount(_ size: Int, _ kernel: Int, _ stride: Int, _ dilation: Int, _ padding: Int) -> Int {
  let extent = dilation * (kernel - 1) + 1
  return size + padding < extent ? 0 : (size + padding - extent) / stride + 1
}
