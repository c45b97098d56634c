import Graph

/// The largest number of bits of an integer gradient for which the sums of `node`, which reads it, stay
/// within what its kernel adds up in: 2³⁰ for an input gradient, 2³¹ for weight and bias gradients.
public func gradientBits(for node: Node) -> Int {
  guard let shape = try? ConvolutionShape(backward: node) else { return 15 }
  let pixels = shape.batch * shape.outHeight * shape.outWidth
  switch node.op {
  case "conv2d_input_gradient":
    let products = shape.outChannels / shape.groups * shape.kernel.reduce(1, *)
    let weight = 128 + abs(node.int("weight_zero"))
    return bits(below: 30, products: products * weight)
  case "conv2d_weight_gradient", "conv2d_weight_update":
    return bits(below: 31, products: pixels * 255)
  case "conv2d_bias_gradient", "conv2d_bias_update":
    return bits(below: 31, products: pixels)
  default:
    return 15
  }
}

/// The largest b ≥ 1 with 2^b · products < 2^limit.
private func bits(below limit: Int, products: Int) -> Int {
  var bits = 1
  while bits < 15, products << (bits + 1) < 1 << limit { bits += 1 }
  return bits
}
