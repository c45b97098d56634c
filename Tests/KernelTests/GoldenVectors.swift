import Foundation
import KernelAPI

/// One kernel vector of the golden set: int8 tensors in NHWC, converted here to the channel order of the
/// kernels.
struct GoldenVector: Decodable, Sendable {
  let name: String
  let op: String
  let input: [Int8]?
  let input1: [Int8]?
  let input2: [Int8]?
  let output: [Int8]
  let weight: [Int8]?
  let bias: [Int32]?
  let multiplier: [Int32]?
  let shift: [Int32]?
  let clamp: [Int32]
  let input_shape: [Int]?
  let weight_shape: [Int]?
  let output_shape: [Int]?
  let kernel: [Int32]?
  let stride: [Int32]?
  let dilation: [Int32]?
  let pad_top_left: [Int32]?
  let groups: Int32?
  let input_offset: Int32?
  let weight_offset: Int32?
  let output_offset: Int32?
  let left_shift: Int32?
  let input1_offset: Int32?
  let input1_multiplier: Int32?
  let input1_shift: Int32?
  let input2_offset: Int32?
  let input2_multiplier: Int32?
  let input2_shift: Int32?
  let output_multiplier: Int32?
  let output_shift: Int32?

  private enum CodingKeys: String, CodingKey {
    case name, op, input, input1, input2, output, weight, bias, multiplier, shift, clamp, input_shape,
      weight_shape
    case output_shape, kernel, stride, dilation, pad_top_left, groups, input_offset, weight_offset,
      output_offset
    case left_shift, input1_offset, input1_multiplier, input1_shift, input2_offset, input2_multiplier,
      input2_shift
    case output_multiplier, output_shift
  }
}

private let vectorsFile = packageRoot.deletingLastPathComponent()
  .appendingPathComponent("shared/golden/cmsis-nn/vectors.jsonl")

/// Whether the golden set lies beside the package.
let hasGoldenVectors = FileManager.default.fileExists(atPath: vectorsFile.path)

/// All vectors of the golden set.
func goldenVectors() throws -> [GoldenVector] {
  try String(contentsOf: vectorsFile, encoding: .utf8).split(separator: "\n").map {
    try JSONDecoder().decode(GoldenVector.self, from: Data($0.utf8))
  }
}

/// [batch][height][width][channels] to [batch][channels][height][width].
func channelsFirst<Element>(_ values: [Element], _ shape: [Int]) -> [Element] {
  let (batch, pixels, channels) = (shape[0], shape[1] * shape[2], shape[3])
  return (0..<batch).flatMap { b in
    (0..<channels).flatMap { c in (0..<pixels).map { values[(b * pixels + $0) * channels + c] } }
  }
}

extension GoldenVector {
  /// A convolution vector as a case.
  func convolution(rounding: Int32) throws -> ConvolutionCase {
    let (input, inShape) = try (require(input), require(input_shape))
    let (weight, weightShape, outShape) = try (require(weight), require(weight_shape), require(output_shape))
    let (stride, dilation, pads) = try (require(stride), require(dilation), require(pad_top_left))
    var result = ConvolutionCase(ConvolutionShape())
    result.arguments = tinysdk_conv2d_args(
      batch: Int32(inShape[0]), in_channels: Int32(inShape[3]), in_height: Int32(inShape[1]),
      in_width: Int32(inShape[2]), out_channels: Int32(outShape[3]), out_height: Int32(outShape[1]),
      out_width: Int32(outShape[2]), kernel_height: Int32(weightShape[1]),
      kernel_width: Int32(weightShape[2]),
      stride_y: stride[0], stride_x: stride[1], pad_top: pads[0], pad_left: pads[1], dilation_y: dilation[0],
      dilation_x: dilation[1], groups: groups ?? 1, input_zero: -(input_offset ?? 0),
      weight_zero: -(weight_offset ?? 0), output_zero: output_offset ?? 0, clamp_min: clamp[0],
      clamp_max: clamp[1],
      rounding: rounding, trained_channels: 0)
    result.input = channelsFirst(input, inShape)
    // Depthwise weights are one filter with all output channels: their channels go first as well.
    result.weights = channelsFirst(weight, weightShape)
    result.bias = bias
    result.requantization = try requantizations(outShape[3])
    return result
  }

  /// One requantization per output channel.
  func requantizations(_ channels: Int) throws -> [tinysdk_requantization] {
    let (multiplier, shift) = try (require(multiplier), require(shift))
    return (0..<channels).map {
      tinysdk_requantization(
        multiplier: multiplier[min($0, multiplier.count - 1)], shift: shift[min($0, shift.count - 1)])
    }
  }

  func require<Value>(_ value: Value?) throws -> Value {
    guard let value else { throw MissingField(vector: name) }
    return value
  }

  struct MissingField: Error {
    let vector: String
  }
}
