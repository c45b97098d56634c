import KernelAPI
import KernelBridge

/// The shape of a convolution, by what differs from the plainest one.
struct ConvolutionShape: Sendable, CustomStringConvertible {
  var batch = 1
  var channels = 1
  var height = 1
  var width = 1
  var outputs = 1
  var kernel = (1, 1)
  var stride = (1, 1)
  /// Top, left, bottom, right.
  var pads = (0, 0, 0, 0)
  var dilation = (1, 1)
  var groups = 1
  var inputZero = 0
  var weightZero = 0
  var rounding = TINYSDK_ROUNDING_TFLITE

  var arguments: tinysdk_conv2d_args {
    let outHeight = (height + pads.0 + pads.2 - (kernel.0 - 1) * dilation.0 - 1) / stride.0 + 1
    let outWidth = (width + pads.1 + pads.3 - (kernel.1 - 1) * dilation.1 - 1) / stride.1 + 1
    return tinysdk_conv2d_args(
      batch: Int32(batch), in_channels: Int32(channels), in_height: Int32(height), in_width: Int32(width),
      out_channels: Int32(outputs), out_height: Int32(outHeight), out_width: Int32(outWidth),
      kernel_height: Int32(kernel.0), kernel_width: Int32(kernel.1), stride_y: Int32(stride.0),
      stride_x: Int32(stride.1), pad_top: Int32(pads.0), pad_left: Int32(pads.1),
      dilation_y: Int32(dilation.0),
      dilation_x: Int32(dilation.1), groups: Int32(groups), input_zero: Int32(inputZero),
      weight_zero: Int32(weightZero), output_zero: 5, clamp_min: -120, clamp_max: 110, rounding: rounding,
      trained_channels: 0)
  }

  var description: String {
    "\(batch)x\(channels)x\(height)x\(width) to \(outputs), kernel \(kernel), stride \(stride), pads \(pads), "
      + "dilation \(dilation), groups \(groups), zeros \(inputZero) \(weightZero)"
  }
}

extension tinysdk_conv2d_args {
  var inputPlane: Int { Int(in_height * in_width) }
  var outputPlane: Int { Int(out_height * out_width) }
  var inputCount: Int { Int(batch * in_channels) * inputPlane }
  var outputCount: Int { Int(batch * out_channels) * outputPlane }
  var taps: Int { Int(kernel_height * kernel_width) }
  var weightCount: Int { Int(out_channels * in_channels / groups) * taps }
  var isDepthwise: Bool { groups == in_channels }
}

/// Which positions of a layer's weights learn.
struct WeightSplit: Sendable {
  var frozen: [Int8]
  var trained: [Int8]
  var order: [UInt16]
  var trainedCount: Int32

  /// Splits canonical weights [outer][positions][inner] at the `learning` positions (ascending).
  init(_ weights: [Int8], outer: Int, positions: Int, inner: Int, learning: [Int]) {
    let resting = (0..<positions).filter { !learning.contains($0) }
    frozen = pickPositions(weights, outer: outer, positions: positions, inner: inner, chosen: resting)
    trained = pickPositions(weights, outer: outer, positions: positions, inner: inner, chosen: learning)
    order = (learning + resting).map(UInt16.init)
    trainedCount = Int32(learning.count)
  }
}

/// The chosen positions of values laid out as [outer][positions][inner], densely packed.
func pickPositions<Value>(_ values: [Value], outer: Int, positions: Int, inner: Int, chosen: [Int]) -> [Value]
{
  var picked: [Value] = []
  for o in 0..<outer {
    for position in chosen {
      let first = (o * positions + position) * inner
      picked += values[first..<(first + inner)]
    }
  }
  return picked
}

/// A convolution with everything that its kernels read.
struct ConvolutionCase: Sendable {
  var arguments: tinysdk_conv2d_args
  var input: [Int8]
  var weights: [Int8]
  var bias: [Int32]?
  var requantization: [tinysdk_requantization]
  var gradient: [Float]

  /// Random operands. The sums spread over the whole clamp and beyond.
  init(_ shape: ConvolutionShape, seed: UInt64 = 1) {
    var generator = SeededGenerator(seed: seed)
    let arguments = shape.arguments
    self.arguments = arguments
    input = generator.bytes(arguments.inputCount)
    weights = generator.bytes(arguments.weightCount, in: -127...127)
    bias = (0..<arguments.out_channels).map { _ in Int32.random(in: -9000...9000, using: &generator) }
    requantization = (0..<arguments.out_channels).map { _ in
      tinysdk_requantization(
        multiplier: Int32.random(in: (1 << 30)...Int32.max, using: &generator),
        shift: Int32.random(in: -11 ... -7, using: &generator))
    }
    gradient = generator.floats(arguments.outputCount)
  }

  /// Positions on the axis that a split names: the weight's input channels, or a depthwise layer's channels.
  var positions: Int {
    Int(arguments.isDepthwise ? arguments.in_channels : arguments.in_channels / arguments.groups)
  }

  func split(learning: [Int]) -> WeightSplit {
    arguments.isDepthwise
      ? WeightSplit(
        weights, outer: 1, positions: positions,
        inner: Int(arguments.out_channels / arguments.in_channels) * arguments.taps, learning: learning)
      : WeightSplit(
        weights, outer: Int(arguments.out_channels), positions: positions, inner: arguments.taps,
        learning: learning)
  }

  struct Output: Equatable {
    var values: [Int8]
    var mask: [Bool]
  }

  /// Runs a forward kernel.
  func forward(
    _ symbol: String, in library: ChosenKernels, split: WeightSplit? = nil, inPlace: Bool = false,
    masked: Bool = true
  ) throws -> Output {
    var arguments = arguments
    arguments.trained_channels = split?.trainedCount ?? 0
    let count = arguments.outputCount
    let padding = [Int8](repeating: 77, count: max(0, count - input.count))
    let source = GuardedBuffer(inPlace ? input + padding : input)
    let target = inPlace ? source : GuardedBuffer(repeating: Int8(77), count: count)
    let mask = GuardedBuffer(repeating: UInt8(0x5A), count: (count + 7) / 8)
    let scratch = scratchBuffer(try library.scratchBytes(symbol, arguments))
    let frozen = GuardedBuffer(split?.frozen ?? weights)
    let trained = split.map { GuardedBuffer($0.trained) }
    let order = split.map { GuardedBuffer($0.order) }
    let bias = bias.map { GuardedBuffer($0) }
    let scales = GuardedBuffer(requantization)
    try withExtendedLifetime((source, frozen, trained, order, bias, scales)) {
      try library.call(
        symbol, arguments, source.pointer, frozen.pointer, trained?.pointer, order?.pointer, bias?.pointer,
        scales.pointer, target.pointer, masked ? mask.pointer : nil, scratch.pointer)
    }
    precondition(target.isIntact && mask.isIntact && scratch.isIntact, "\(symbol) wrote before a buffer")
    return Output(
      values: Array(target.values.prefix(count)), mask: masked ? bits(mask.values, count: count) : [])
  }

  /// Runs an input gradient kernel.
  func inputGradient(
    _ symbol: String, in library: ChosenKernels, split: WeightSplit? = nil, inPlace: Bool = false
  ) throws -> [Float] {
    var arguments = arguments
    arguments.trained_channels = split?.trainedCount ?? 0
    let count = arguments.inputCount
    let padding = [Float](repeating: 77, count: max(0, count - gradient.count))
    let source = GuardedBuffer(inPlace ? gradient + padding : gradient)
    let target = inPlace ? source : GuardedBuffer(repeating: Float(77), count: count)
    let scratch = scratchBuffer(try library.scratchBytes(symbol, arguments))
    let frozen = GuardedBuffer(split?.frozen ?? weights)
    let trained = split.map { GuardedBuffer($0.trained) }
    let order = split.map { GuardedBuffer($0.order) }
    try withExtendedLifetime((source, frozen, trained, order)) {
      try library.call(
        symbol, arguments, source.pointer, frozen.pointer, trained?.pointer, order?.pointer, target.pointer,
        scratch.pointer)
    }
    precondition(target.isIntact && scratch.isIntact, "\(symbol) wrote before a buffer")
    return Array(target.values.prefix(count))
  }

  /// The planes of the input that a weight gradient of these positions reads.
  func saved(learning: [Int]) -> [Int8] {
    let plane = arguments.inputPlane
    let groups = arguments.isDepthwise ? 1 : Int(arguments.groups)
    return (0..<Int(arguments.batch)).flatMap { b in
      (0..<groups).flatMap { group in
        learning.flatMap { position in
          let first = (b * Int(arguments.in_channels) + group * positions + position) * plane
          return input[first..<(first + plane)]
        }
      }
    }
  }

  /// Runs the weight gradient kernel for the learning positions (nil: all).
  func weightGradient(in library: ChosenKernels, learning: [Int]? = nil) throws -> [Float] {
    let chosen = learning ?? Array(0..<positions)
    var arguments = arguments
    arguments.trained_channels = Int32(learning?.count ?? 0)
    let source = GuardedBuffer(gradient)
    let saved = GuardedBuffer(saved(learning: chosen))
    let order = learning.map { GuardedBuffer($0.map(UInt16.init)) }
    let target = GuardedBuffer(repeating: Float(77), count: weights.count / positions * chosen.count)
    try withExtendedLifetime((source, saved, order)) {
      try library.call(
        "tinysdk_conv2d_weight_gradient_f32", arguments, source.pointer, saved.pointer, order?.pointer,
        target.pointer)
    }
    return target.values
  }

  /// The output channel of each element of a weight tensor over these positions.
  func outputChannels(learning: [Int]) -> [Int] {
    let multiplier = Int(arguments.out_channels / arguments.in_channels)
    if arguments.isDepthwise {
      return learning.flatMap { c in
        (0..<multiplier).flatMap { [Int](repeating: c * multiplier + $0, count: arguments.taps) }
      }
    }
    return (0..<Int(arguments.out_channels)).flatMap {
      [Int](repeating: $0, count: learning.count * arguments.taps)
    }
  }
}
