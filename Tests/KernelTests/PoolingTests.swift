import KernelAPI
import KernelBridge
import Testing

/// Plain windows, overlapping ones with uneven pads, dilation, and one whose corner windows lie wholly in
/// padding.
private let shapes: [tinysdk_pool2d_args] = [
  pool(height: 6, width: 8, out: (3, 4), kernel: (2, 2), stride: (2, 2), pads: (0, 0)),
  pool(height: 5, width: 7, out: (5, 4), kernel: (3, 4), stride: (1, 2), pads: (1, 2)),
  pool(height: 7, width: 6, out: (4, 3), kernel: (3, 2), stride: (2, 2), pads: (2, 1), dilation: (2, 3)),
  pool(height: 2, width: 3, out: (3, 4), kernel: (2, 1), stride: (2, 1), pads: (2, 0)),
]

private func pool(
  height: Int32, width: Int32, out: (Int32, Int32), kernel: (Int32, Int32), stride: (Int32, Int32),
  pads: (Int32, Int32), dilation: (Int32, Int32) = (1, 1)
) -> tinysdk_pool2d_args {
  tinysdk_pool2d_args(
    batch: 2, channels: 3, in_height: height, in_width: width, out_height: out.0, out_width: out.1,
    kernel_height: kernel.0, kernel_width: kernel.1, stride_y: stride.0, stride_x: stride.1, pad_top: pads.0,
    pad_left: pads.1, dilation_y: dilation.0, dilation_x: dilation.1, zero: -7, count_padding: 0,
    clamp_min: -60,
    clamp_max: 50)
}

extension tinysdk_pool2d_args {
  fileprivate var inputPlane: Int { Int(in_height * in_width) }
  fileprivate var outputPlane: Int { Int(out_height * out_width) }
  fileprivate var planes: Int { Int(batch * channels) }

  /// For each output element, the input elements of its window inside the image, in scan order.
  fileprivate var windows: [[Int]] {
    (0..<(planes * outputPlane)).map { output in
      let plane = output / outputPlane
      let (oy, ox) = (output % outputPlane / Int(out_width), output % Int(out_width))
      var window: [Int] = []
      for ky in 0..<Int(kernel_height) {
        for kx in 0..<Int(kernel_width) {
          let y = oy * Int(stride_y) - Int(pad_top) + ky * Int(dilation_y)
          let x = ox * Int(stride_x) - Int(pad_left) + kx * Int(dilation_x)
          guard y >= 0, y < Int(in_height), x >= 0, x < Int(in_width) else { continue }
          window.append(plane * inputPlane + y * Int(in_width) + x)
        }
      }
      return window
    }
  }

  fileprivate func divisor(_ window: [Int]) -> Int {
    count_padding == 0 ? window.count : Int(kernel_height * kernel_width)
  }

  fileprivate func clamped(_ values: [Int]) -> (values: [Int8], mask: [Bool]) {
    let low = Int(clamp_min)
    let high = Int(clamp_max)
    return (values.map { Int8(min(max($0, low), high)) }, values.map { $0 >= low && $0 <= high })
  }
}

@Suite("Pooling")
struct PoolingTests {
  private func forward(
    _ symbol: String, _ arguments: tinysdk_pool2d_args, _ input: [Int8], in library: ChosenKernels
  ) throws -> (values: [Int8], mask: [Bool]) {
    let count = arguments.planes * arguments.outputPlane
    let (source, target) = (GuardedBuffer(input), GuardedBuffer(repeating: Int8(77), count: count))
    let mask = GuardedBuffer(repeating: UInt8(0), count: (count + 7) / 8)
    try withExtendedLifetime(source) {
      try library.call(symbol, arguments, source.pointer, target.pointer, mask.pointer)
    }
    return (target.values, bits(mask.values, count: count))
  }

  @Test("Averages, with and without padding, integer and exact", arguments: 0..<4, KernelBuild.allCases)
  func average(shape: Int, build: KernelBuild) async throws {
    let library = try await build.library
    var generator = SeededGenerator(seed: 60)
    for countsPadding in [Int32(0), 1] {
      var arguments = shapes[shape]
      arguments.count_padding = countsPadding
      let input = generator.bytes(arguments.planes * arguments.inputPlane)
      let means = arguments.windows.map { window -> Double in
        let divisor = arguments.divisor(window)
        guard divisor > 0 else { return -7 }
        let sum = window.reduce(0) { $0 + Int(input[$1]) } - 7 * (divisor - window.count)
        return Double(sum) / Double(divisor)
      }
      let integer = arguments.clamped(means.map { Int($0.rounded(.toNearestOrAwayFromZero)) })
      let exact = arguments.clamped(means.map { Int($0.rounded(.toNearestOrEven)) })
      #expect(try forward("tinysdk_average_pool2d_s8", arguments, input, in: library) == integer)
      #expect(try forward("tinysdk_average_pool2d_s8_exact", arguments, input, in: library) == exact)
    }
  }

  @Test("Maxima, the first of equal ones wins", arguments: 0..<4, KernelBuild.allCases)
  func maximum(shape: Int, build: KernelBuild) async throws {
    let arguments = shapes[shape]
    var generator = SeededGenerator(seed: 61)
    let input = generator.bytes(arguments.planes * arguments.inputPlane, in: 46...53)
    let found = try maximum(arguments, input, in: try await build.library)
    let winners = arguments.windows.map { window in
      window.first { candidate in window.allSatisfy { input[$0] <= input[candidate] } }
    }
    let expected = arguments.clamped(winners.map { $0.map { Int(input[$0]) } ?? -7 })
    #expect(found.values == expected.values && found.mask == expected.mask)
    #expect(found.argmax == winners.map { $0.map { UInt16($0 % arguments.inputPlane) } ?? UInt16.max })
  }

  private func maximum(_ arguments: tinysdk_pool2d_args, _ input: [Int8], in library: ChosenKernels) throws
    -> (
      values: [Int8], mask: [Bool], argmax: [UInt16]
    )
  {
    let count = arguments.planes * arguments.outputPlane
    let (source, target) = (GuardedBuffer(input), GuardedBuffer(repeating: Int8(77), count: count))
    let argmax = GuardedBuffer(repeating: UInt16(7), count: count)
    let mask = GuardedBuffer(repeating: UInt8(0), count: (count + 7) / 8)
    try withExtendedLifetime(source) {
      try library.call(
        "tinysdk_max_pool2d_s8", arguments, source.pointer, target.pointer, argmax.pointer, mask.pointer)
    }
    return (target.values, bits(mask.values, count: count), argmax.values)
  }

  @Test("The average's gradient agrees with finite differences", arguments: 0..<4, KernelBuild.allCases)
  func averageGradient(shape: Int, build: KernelBuild) async throws {
    let library = try await build.library
    var generator = SeededGenerator(seed: 62)
    for countsPadding in [Int32(0), 1] {
      var arguments = shapes[shape]
      arguments.count_padding = countsPadding
      let windows = arguments.windows
      let gradient = generator.floats(windows.count)
      let input = [Double](repeating: 0, count: arguments.planes * arguments.inputPlane)
      let expected = finiteDifferences(input) { input in
        windows.enumerated().reduce(0) { sum, item in
          let mean =
            item.element.reduce(0) { $0 + input[$1] } / Double(max(1, arguments.divisor(item.element)))
          return sum + mean * Double(gradient[item.offset])
        }
      }
      let (source, target) = (
        GuardedBuffer(gradient), GuardedBuffer(repeating: Float(77), count: input.count)
      )
      try withExtendedLifetime(source) {
        try library.call("tinysdk_average_pool2d_gradient_f32", arguments, source.pointer, target.pointer)
      }
      #expect(relativeError(target.values, expected) < 1e-6)
    }
  }

  @Test("The maximum's gradient goes to the winners, in scan order", arguments: 0..<4, KernelBuild.allCases)
  func maximumGradient(shape: Int, build: KernelBuild) async throws {
    let library = try await build.library
    let arguments = shapes[shape]
    var generator = SeededGenerator(seed: 63)
    let input = generator.bytes(arguments.planes * arguments.inputPlane)
    let argmax = try maximum(arguments, input, in: library).argmax
    let gradient = generator.floats(argmax.count)
    var expected = [Float](repeating: 0, count: input.count)
    for (output, winner) in argmax.enumerated() where winner != UInt16.max {
      expected[output / arguments.outputPlane * arguments.inputPlane + Int(winner)] += gradient[output]
    }
    let (source, winners) = (GuardedBuffer(gradient), GuardedBuffer(argmax))
    let target = GuardedBuffer(repeating: Float(77), count: input.count)
    try withExtendedLifetime((source, winners)) {
      try library.call(
        "tinysdk_max_pool2d_gradient_f32", arguments, source.pointer, winners.pointer, target.pointer)
    }
    #expect(target.values == expected)
  }
}
