import Graph
import Testing

private func chain(_ edges: [(from: String, to: String, node: String)]) throws -> Graph {
  var graph = Graph(name: "chain")
  for name in Set(edges.flatMap { [$0.from, $0.to] }).sorted() {
    try graph.define(Tensor(name, .int8, [1], role: name == "x" ? .input : .activation))
  }
  graph.nodes = edges.map { Node($0.node, "copy", inputs: [$0.from], outputs: [$0.to]) }
  return graph
}

@Test func sortingRepairsTheOrder() throws {
  let sorted = try chain([("b", "c", "third"), ("a", "b", "second"), ("x", "a", "first")])
    .topologicallySorted()
  #expect(sorted.nodes.map(\.name) == ["first", "second", "third"])
  try sorted.validate()
}

@Test func aCircleIsNamed() throws {
  let graph = try chain([("x", "a", "start"), ("c", "b", "one"), ("b", "c", "two")])
  #expect(throws: GraphError.cycle(["one", "two", "one"])) { try graph.topologicallySorted() }
}

@Test func readingBeforeWritingIsRefused() throws {
  let graph = try chain([("a", "b", "second"), ("x", "a", "first")])
  #expect(throws: GraphError.usedBeforeWritten(tensor: "a", node: "second")) { try graph.validate() }
}

@Test func aTensorNameIsTakenOnce() throws {
  var graph = try chain([("x", "a", "n")])
  #expect(throws: GraphError.duplicateTensor("a")) { try graph.define(Tensor("a", .int8, [1])) }
  #expect(graph.freeTensorName("a") == "a.2")
}
