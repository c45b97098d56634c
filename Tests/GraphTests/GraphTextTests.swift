import Graph
import Testing

private func smallGraph() throws -> Graph {
  var graph = Graph(name: "a \"small\" one")
  try graph.define(
    Tensor("x", .int8, [1, 2, 2, 2], quantization: .perTensor(scale: 1 / 127.5, zeroPoint: -3), role: .input))
  try graph.define(
    Tensor(
      "w", .int8, [3, 2, 1, 1],
      quantization: Quantization(scales: [0.1, 1e-9, 0.3], zeroPoints: [0, 0, 0], axis: 0),
      role: .constant, data: [1, 2, 253, 4, 5, 6]))
  try graph.define(Tensor("y out", .int8, [1, 3, 2, 2], quantization: .perTensor(scale: 0.5, zeroPoint: 0)))
  try graph.define(Tensor("mask", .bit, [1, 3, 2, 2]))
  graph.nodes = [
    Node(
      "conv", "conv2d", inputs: ["x", "w", ""], outputs: ["y out", "mask"],
      attributes: ["pads": [0, 0, 0, 0], "rounding": "tflite", "groups": 1, "ratio": .float(0.25)],
      layer: "block\\0")
  ]
  graph.outputs = ["y out"]
  return graph
}

@Test func textRoundTripsWithData() throws {
  let graph = try smallGraph()
  #expect(try Graph(text: graph.text()) == graph)
}

@Test func textWithoutDataShowsStructure() throws {
  #expect(
    try smallGraph().text(data: .omitted) == """
      graph "a \\"small\\" one"
      tensor %x int8[1,2,2,2] scale 0.00784313725490196 zero -3 role input
      tensor %w int8[3,2,1,1] scale [0.1, 1e-09, 0.3] zero [0, 0, 0] axis 0 role constant
      tensor %"y out" int8[1,3,2,2] scale 0.5 zero 0 role activation
      tensor %mask bit[1,3,2,2] role activation
      node "conv" %"y out", %mask = conv2d(%x, %w, _) {groups = 1, pads = [0, 0, 0, 0], ratio = 0.25f, rounding = "tflite"} phase forward layer "block\\\\0"
      output %"y out"

      """)
}

@Test(arguments: [
  ("graph \"g\"\ntensor %x int7[1] role input", 2, "'int7' is no element type"),
  ("graph \"g\"\ntensor %x int8[1] role somewhere", 2, "'somewhere' is no role"),
  ("graph \"g", 1, "a quoted string has no end"),
  ("graph \"g\"\n\nnodes", 3, "'nodes' is none of graph, tensor, node, output"),
  ("tensor %x int8[0] role input", 1, "a dimension is not positive"),
])
func syntaxErrorsNameTheLine(text: String, line: Int, message: String) {
  #expect {
    try Graph(text: text)
  } throws: { error in
    guard case GraphError.syntax(let foundLine, let found)? = error as? GraphError else { return false }
    return foundLine == line && found.hasPrefix(message)
  }
}

@Test func dataOfTheWrongSizeIsRefused() {
  #expect(throws: GraphError.wrongDataSize(tensor: "w", bytes: 3, expected: 2)) {
    try Graph(text: "graph \"g\"\ntensor %w int8[2] role constant data AAAA")
  }
}
