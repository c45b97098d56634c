import KernelAPI

/// A convolution from its definition, in any arithmetic. `input` and `weights` have their zero points taken
/// off.
func convolve<Value: Numeric>(_ args: tinysdk_conv2d_args, _ input: [Value], _ weights: [Value]) -> [Value] {
  var output = [Value](repeating: 0, count: args.outputCount)
  forEachProduct(args) { output[$0] += input[$1] * weights[$2] }
  return output
}

/// Calls `body` with the indices of output, input and weight of every product of a convolution, for each
/// output in the order batch, output channel, row, column, and within it input channel, kernel row, kernel
/// column.
func forEachProduct(_ args: tinysdk_conv2d_args, _ body: (Int, Int, Int) -> Void) {
  let channels = Int(args.in_channels / args.groups)
  let outputs = Int(args.out_channels / args.groups)
  for output in 0..<args.outputCount {
    let ox = output % Int(args.out_width)
    let oy = output / Int(args.out_width) % Int(args.out_height)
    let o = output / args.outputPlane % Int(args.out_channels)
    let b = output / args.outputPlane / Int(args.out_channels)
    for c in 0..<channels {
      for tap in 0..<args.taps {
        let ky = tap / Int(args.kernel_width)
        let kx = tap % Int(args.kernel_width)
        let y = oy * Int(args.stride_y) - Int(args.pad_top) + ky * Int(args.dilation_y)
        let x = ox * Int(args.stride_x) - Int(args.pad_left) + kx * Int(args.dilation_x)
        guard y >= 0, y < Int(args.in_height), x >= 0, x < Int(args.in_width) else { continue }
        let plane = b * Int(args.in_channels) + o / outputs * channels + c
        body(
          output, plane * args.inputPlane + y * Int(args.in_width) + x, (o * channels + c) * args.taps + tap)
      }
    }
  }
}

/// The derivative of `loss` by each of `values`, by central differences. Exact but for rounding where the
/// loss is linear or quadratic in them.
func finiteDifferences(_ values: [Double], step: Double = 0.5, _ loss: ([Double]) throws -> Double) rethrows
  -> [Double]
{
  var moved = values
  return try values.indices.map { index in
    moved[index] = values[index] + step
    let above = try loss(moved)
    moved[index] = values[index] - step
    let below = try loss(moved)
    moved[index] = values[index]
    return (above - below) / (2 * step)
  }
}

/// The largest difference, relative to the largest expected value.
func relativeError(_ found: [Float], _ expected: [Double]) -> Double {
  guard found.count == expected.count else { return .infinity }
  let scale = expected.map(abs).max() ?? 1
  return zip(found, expected).map { abs(Double($0) - $1) }.max().map { $0 / max(scale, 1e-30) } ?? 0
}

extension ConvolutionCase {
  /// sum of gradient * output in float64, as a function of the input or of the weights (zero points taken
  /// off).
  func loss(input: [Double]) -> Double {
    let weights = centered { Double($0) }.weights
    return loss(input, weights)
  }
  func loss(weights: [Double]) -> Double {
    let input = centered { Double($0) }.input
    return loss(input, weights)
  }

  private func loss(_ input: [Double], _ weights: [Double]) -> Double {
    var sum = 0.0
    forEachProduct(arguments) { sum += Double(gradient[$0]) * input[$1] * weights[$2] }
    return sum
  }

  /// Input and weights as numbers, zero points taken off.
  func centered<Value: Numeric>(_ convert: (Int) -> Value) -> (input: [Value], weights: [Value]) {
    (
      input.map { convert(Int($0) - Int(arguments.input_zero)) },
      weights.map { convert(Int($0) - Int(arguments.weight_zero)) }
    )
  }

  /// The forward result from the definitions of the sums and the roundings.
  var expectedOutput: Output {
    let (input, weights) = centered { $0 }
    let sums = convolve(arguments, input, weights)
    var output = Output(values: [], mask: [])
    for (index, sum) in sums.enumerated() {
      let o = index / arguments.outputPlane % Int(arguments.out_channels)
      let value =
        requantize(sum + Int(bias?[o] ?? 0), requantization[o], rounding: arguments.rounding)
        + Int(arguments.output_zero)
      let clamped = min(max(value, Int(arguments.clamp_min)), Int(arguments.clamp_max))
      output.values.append(Int8(clamped))
      output.mask.append(value == clamped)
    }
    return output
  }
}

/// The two integer roundings from their definitions, saturating to 32 bits where the kernels do.
func requantize(_ sum: Int, _ scale: tinysdk_requantization, rounding: Int32) -> Int {
  let value = saturate(sum)
  let multiplier = Int(scale.multiplier)
  let shift = Int(scale.shift)
  if rounding == TINYSDK_ROUNDING_SINGLE {
    return saturate((value * multiplier + (1 << (30 - shift))) >> (31 - shift))
  }
  let product = saturate(value << max(shift, 0)) * multiplier
  let high = (product + (product >= 0 ? 1 << 30 : 1 - (1 << 30))) / (1 << 31)
  let divisor = 1 << max(-shift, 0)
  return (abs(high) + divisor / 2) / divisor * high.signum()
}

func saturate(_ value: Int) -> Int {
  min(max(value, Int(Int32.min)), Int(Int32.max))
}
