import Graph
import Operators
import Testing

private func graph(weight: [Int], output: [Int], groups: Int = 1) throws -> Graph {
  var graph = Graph(name: "one layer")
  let quantization = Quantization.perTensor(scale: 0.5, zeroPoint: 0)
  try graph.define(Tensor("x", .int8, [1, 4, 6, 6], quantization: quantization, role: .input))
  try graph.define(Tensor("w", .int8, weight, quantization: quantization, role: .constant))
  try graph.define(Tensor("y", .int8, output, quantization: quantization))
  graph.nodes = [
    Node(
      "layer", "conv2d", inputs: ["x", "w", ""], outputs: ["y"],
      attributes: ["groups": .int(groups), "pads": [1, 1, 0, 0], "strides": [2, 1]])
  ]
  return graph
}

@Test func aConvolutionsShapeFollowsItsWindow() throws {
  try checkShapes(of: try graph(weight: [8, 4, 3, 3], output: [1, 8, 3, 5]))
  #expect {
    try checkShapes(of: try graph(weight: [8, 4, 3, 3], output: [1, 8, 3, 6]))
  } throws: {
    "\($0)" == "layer 'layer' (conv2d): output 'y' is int8[1, 8, 3, 6], should be int8[1, 8, 3, 5]"
  }
}

@Test(arguments: [
  ([8, 3, 3, 3], 1, "weight 'w' is made for 3 channels a group, the input has 4"),
  ([6, 2, 3, 3], 4, "4 input and 6 output channels do not divide into 4 groups"),
  ([8, 4, 9, 3], 1, "the kernel is larger than its padded input"),
  ([8, 36], 1, "weight 'w' has 2 dimensions, not 4"),
])
func aWeightThatDoesNotFitIsRefusedByLayer(weight: [Int], groups: Int, problem: String) throws {
  #expect {
    try checkShapes(of: try graph(weight: weight, output: [1, 8, 3, 5], groups: groups))
  } throws: {
    "\($0)" == "layer 'layer' (conv2d): \(problem)"
  }
}

@Test func anUnknownOperatorIsNamed() {
  #expect(
    throws: OperatorError(Node("l", "sort", inputs: [], outputs: []), "there is no operator of this name")
  ) {
    try operatorDefinition(of: Node("l", "sort", inputs: [], outputs: []))
  }
}

@Test func argumentStructsHaveTheContractsFieldOrder() throws {
  let graph = try graph(weight: [8, 4, 3, 3], output: [1, 8, 3, 5])
  let call = try operatorDefinition(of: graph.nodes[0]).lower(graph.nodes[0], graph)
  #expect(call.symbol == "tinysdk_conv2d_s8")
  #expect(call.argumentBytes.count == 23 * 4)
  #expect(
    call.arguments.map(\.name) == [
      "batch", "in_channels", "in_height", "in_width", "out_channels", "out_height", "out_width",
      "kernel_height", "kernel_width", "stride_y", "stride_x", "pad_top", "pad_left", "dilation_y",
      "dilation_x", "groups", "input_zero", "weight_zero", "output_zero", "clamp_min", "clamp_max",
      "rounding", "trained_channels",
    ])
}
