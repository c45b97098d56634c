import Foundation
import Graph
import Importers
import Testing

/// What `model.json` of a golden says about one operator.
private struct GoldenOperator: Decodable {
  var name: String
  var output: String
  var out_shape_chw: [Int]?
  /// Of an add, whose operands and result have one shape.
  var shape_chw: [Int]?
}

private struct GoldenModel: Decodable {
  var ops: [GoldenOperator]
}

@Suite(.enabled(if: SharedFiles.isPresent, "../shared is absent: the published networks are not imported"))
struct ImportedNetworkTests {
  struct Expectation: Sendable {
    var model: String
    var convolutions: Int
    var adds: Int
    var saturatedBiases: Int
  }

  static let expectations = [
    Expectation(model: "mcunet-5fps", convolutions: 43, adds: 7, saturatedBiases: 52),
    Expectation(model: "mbv2-w0.35", convolutions: 52, adds: 10, saturatedBiases: 0),
  ]

  @Test(arguments: expectations)
  func importsWhole(_ expected: Expectation) throws {
    let model = try importONNX(path: SharedFiles.path("models/\(expected.model).onnx"))
    let graph = model.graph
    try graph.validate()
    #expect(graph.nodes.count { $0.op == "conv2d" } == expected.convolutions)
    #expect(graph.nodes.count { $0.op == "add" } == expected.adds)
    #expect(graph.nodes.count == expected.convolutions + expected.adds + 3)
    #expect(graph.nodes.suffix(2).map(\.op) == ["dequantize", "reshape"])
    let input = try #require(graph.tensors(role: .input).first)
    #expect(input.name == "input")
    #expect(input.element == .int8)
    #expect(input.shape == [1, 3, 128, 128])
    #expect(graph.outputs == ["logits"])
    #expect(try graph.tensor("logits").shape == [1, 1000])
    let saturated = model.notes.compactMap { note -> Int? in
      if case .saturatedBiases(let count, _) = note { count } else { nil }
    }
    #expect(saturated == (expected.saturatedBiases == 0 ? [] : [expected.saturatedBiases]))
  }

  @Test(arguments: expectations)
  func shapesAndOrderEqualTheGolden(_ expected: Expectation) throws {
    let graph = try importONNX(path: SharedFiles.path("models/\(expected.model).onnx")).graph
    let json = try SharedFiles.bytes("golden/\(expected.model)/model.json")
    let golden = try JSONDecoder().decode(GoldenModel.self, from: Data(json))
    #expect(golden.ops.count == graph.nodes.count - 2)
    for (op, node) in zip(golden.ops, graph.nodes) {
      #expect(node.name == op.name)
      #expect(node.outputs == [op.output])
      let shape = try #require(op.out_shape_chw ?? op.shape_chw)
      #expect(try graph.tensor(op.output).shape == [1] + shape)
    }
  }

  @Test(arguments: expectations)
  func weightsAndScalesEqualTheFile(_ expected: Expectation) throws {
    let bytes = try SharedFiles.bytes("models/\(expected.model).onnx")
    let graph = try importONNX(bytes).graph
    let proto = try decodeONNX(bytes).graph
    let initializers = Dictionary(uniqueKeysWithValues: proto.initializer.map { ($0.name, $0) })
    var compared = 0
    for tensor in graph.tensors(role: .constant) {
      let initializer = try #require(initializers[tensor.name])
      #expect(tensor.shape == initializer.dims.map { Int($0) })
      #expect(tensor.data == [UInt8](initializer.rawData))
      let scales = try #require(initializers["\(tensor.name)_scale"])
      let expectedScales = (integers(of: [UInt8](scales.rawData)) as [UInt32]).map {
        Double(Float(bitPattern: $0))
      }
      #expect(tensor.quantization?.scales == expectedScales)
      #expect(tensor.quantization?.axis == (expectedScales.count == 1 ? nil : 0))
      compared += 1
    }
    #expect(compared == 2 * expected.convolutions)
  }

  @Test(arguments: expectations)
  func textFormRoundTrips(_ expected: Expectation) throws {
    let graph = try importONNX(path: SharedFiles.path("models/\(expected.model).onnx")).graph
    #expect(try Graph(text: graph.text()) == graph)
  }

  @Test func floatTwinIsRefused() throws {
    let error = #expect(throws: ImportError.self) {
      try importONNX(path: SharedFiles.path("models/mbv2-w0.35-float.onnx"))
    }
    #expect(error?.problems.map(\.kind) == [.notQuantized])
    #expect(error?.description.contains("Conv (52)") == true)
    #expect(error?.description.contains("quantize_static") == true)
  }
}
