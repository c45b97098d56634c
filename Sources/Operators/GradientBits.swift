import Graph

/// The largest number of bits of an integer gradient for which the sums of `node`, which reads it, stay
/// within what its kernel adds up in: 2³⁰ for an input gradient, 2³¹ for weight and bias gradients.
/// - Throws: `OperatorError` for a layer so large that fewer than 4 bits would be left.
public func gradientBits(for node: Node) throws -> Int {
  guard sumsGradients.contains(node.op) else { return 15 }
  let bits = try largestBits(for: node)
  guard bits >= 4 else {
    throw OperatorError(
      node, "adds up too many products for integer gradients in 32 bits; use float32 gradients")
  }
  return bits
}

/// Operators that add up products of a gradient in 32 bits.
public let sumsGradients: Set = [
  "conv2d_input_gradient", "conv2d_weight_gradient", "conv2d_bias_gradient", "conv2d_weight_update",
  "conv2d_bias_update",
]

private func largestBits(for node: Node) throws -> Int {
  let shape = try ConvolutionShape(backward: node)
  let pixels = shape.batch * shape.outHeight * shape.outWidth
  switch node.op {
  case "conv2d_input_gradient":
    let products = shape.outChannels / shape.groups * shape.kernel.reduce(1, *)
    let weight = 128 + abs(node.int("weight_zero"))
    return bits(below: 30, products: products * weight)
  case "conv2d_weight_gradient", "conv2d_weight_update":
    return bits(below: 31, products: pixels * 255)
  default:
    return bits(below: 31, products: pixels)
  }
}

/// The largest b ≤ 15 with 2^b · products < 2^limit; 0 where there is none.
private func bits(below limit: Int, products: Int) -> Int {
  var bits = 0
  while bits < 15, products << (bits + 1) < 1 << limit { bits += 1 }
  return bits
}
