import Graph

/// The sliding window of a convolution or pooling, in the order `[y, x]`.
struct ONNXWindow {
  var kernel: [Int]
  var strides: [Int]
  var dilations: [Int]
  /// `[top, left, bottom, right]`
  var pads: [Int]
  /// `[height, width]` of the result.
  var output: [Int]

  private static let sizes = 1...Int(Int16.max)

  /// Reads strides, dilations, pads, auto_pad and ceil_mode.
  /// - Parameter input: `[height, width]`
  init(_ node: ONNXNode, kernel: [Int], input: [Int]) throws(ImportProblem) {
    self.kernel = kernel
    strides = try node.ints("strides", default: [1, 1], in: Self.sizes)
    dilations = try node.ints("dilations", default: [1, 1], in: Self.sizes)
    pads = try node.ints("pads", default: [0, 0, 0, 0], in: 0...Self.sizes.upperBound)
    output = [0, 0]
    let mode = node.string("auto_pad", default: "NOTSET")
    let roundsUp = try node.int("ceil_mode", default: 0, in: 0...1) == 1
    for axis in 0..<2 {
      switch mode {
      case "NOTSET", "": break
      case "VALID": (pads[axis], pads[axis + 2]) = (0, 0)
      case "SAME_UPPER", "SAME_LOWER": padToSame(axis, input[axis], moreBefore: mode == "SAME_LOWER")
      default: throw ImportProblem(.structure, "auto_pad is '\(mode)'")
      }
      if roundsUp { padToWholeStep(axis, input[axis]) }
      output[axis] = (input[axis] + pads[axis] + pads[axis + 2] - extent(axis)) / strides[axis] + 1
    }
    for axis in 0..<2 where input[axis] + pads[axis] + pads[axis + 2] < extent(axis) {
      throw ImportProblem(
        .shape, "the kernel \(kernel) with dilations \(dilations) is larger than the padded input \(input)")
    }
  }

  /// What the kernel covers along an axis.
  private func extent(_ axis: Int) -> Int { dilations[axis] * (kernel[axis] - 1) + 1 }

  private mutating func padToSame(_ axis: Int, _ size: Int, moreBefore: Bool) {
    let steps = (size + strides[axis] - 1) / strides[axis]
    let total = max(0, (steps - 1) * strides[axis] + extent(axis) - size)
    let less = total / 2
    (pads[axis], pads[axis + 2]) = moreBefore ? (total - less, less) : (less, total - less)
  }

  /// Widens the padding at the end so that a last window that starts within the input or the padding before
  /// it counts too.
  private mutating func padToWholeStep(_ axis: Int, _ size: Int) {
    let room = size + pads[axis] + pads[axis + 2] - extent(axis)
    guard room >= 0 else { return }
    var steps = (room + strides[axis] - 1) / strides[axis]
    if steps * strides[axis] >= size + pads[axis] { steps -= 1 }
    pads[axis + 2] += max(0, steps * strides[axis] - room)
  }

  /// `[1, channels, height, width]`
  func outputShape(channels: Int) -> [Int] { [1, channels] + output }

  var attributes: [String: Attribute] {
    ["strides": .ints(strides), "pads": .ints(pads)]
  }
}
