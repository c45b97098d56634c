import Graph
import Importers
import Testing

/// float32 networks of dense layers.
struct ONNXFloatTests {
  private func imported(_ model: ONNXModelBuilder) throws -> Graph {
    let graph = try importONNX(model.bytes()).graph
    try graph.validate()
    return graph
  }

  private func problems(_ model: ONNXModelBuilder) throws -> [ImportProblem] {
    let error = #expect(throws: ImportError.self) { try importONNX(model.bytes()) }
    return error?.problems ?? []
  }

  /// 1×2×3 → Flatten → Gemm (4) → Relu → MatMul and Add (2).
  private func perceptron() -> ONNXModelBuilder {
    var model = ONNXModelBuilder(shape: [-1, 2, 3])
    model.node("Flatten", ["image"], "flat")
    model.constant("w1", [4, 6], float: (0..<24).map { Float($0) })
    model.constant("b1", [4], float: [1, 2, 3, 4])
    model.node("Gemm", ["flat", "w1", "b1"], "sum1", name: "first", [attribute("transB", 1)])
    model.node("Relu", ["sum1"], "hidden", name: "act")
    model.constant("w2", [4, 2], float: (0..<8).map { Float($0) })
    model.constant("b2", [2], float: [0.5, -0.5])
    model.node("MatMul", ["hidden", "w2"], "product", name: "second")
    model.node("Add", ["product", "b2"], "logits")
    return model
  }

  @Test func denseLayersWithReluNeedNoQuantization() throws {
    var model = perceptron()
    model.node("Softmax", ["logits"], "probabilities")
    model.output("probabilities")
    let graph = try imported(model)
    #expect(graph.nodes.map(\.op) == ["reshape", "dense_f32", "relu", "dense_f32"])
    #expect(graph.nodes.map(\.layer) == ["flat", "first", "first.relu", "second"])
    #expect(graph.nodes[1].inputs == ["flat", "w1", "b1"])
    #expect(graph.nodes[3].inputs == ["hidden", "w2", "b2"])
    #expect(graph.outputs == ["logits"])
    let input = try #require(graph.tensors(role: .input).first)
    #expect(input == Tensor("image", .float32, [1, 2, 3], role: .input))
    #expect(graph.tensors.allSatisfy { $0.element == .float32 && $0.quantization == nil })
    #expect(try graph.tensor("w2").shape == [2, 4])
    #expect(try graph.tensor("w2").float32Data == [0, 2, 4, 6, 1, 3, 5, 7])
    #expect(try Graph(text: graph.text()) == graph)
  }

  @Test func gemmTakesItsWeightEitherWay() throws {
    var model = ONNXModelBuilder(shape: [1, 3])
    model.constant("w", [3, 2], float: [1, 2, 3, 4, 5, 6])
    model.node("Gemm", ["image", "w"], "y", name: "fc")
    model.output("y")
    let graph = try imported(model)
    #expect(graph.nodes.map(\.op) == ["dense_f32"])
    #expect(graph.nodes[0].inputs == ["image", "w", ""])
    #expect(try graph.tensor("w").float32Data == [1, 3, 5, 2, 4, 6])
  }

  @Test func reluAloneAndBehindAReshape() throws {
    var model = ONNXModelBuilder(shape: [1, 4])
    model.node("Relu", ["image"], "positive", name: "first")
    model.constant("w", [4, 4], float: [Float](repeating: 1, count: 16))
    model.node("Gemm", ["positive", "w"], "sum", name: "fc")
    model.constant("shape", [3], int64: [1, 2, 2])
    model.node("Reshape", ["sum", "shape"], "square")
    model.node("Relu", ["square"], "y", name: "second")
    model.output("y")
    let graph = try imported(model)
    #expect(graph.nodes.map(\.op) == ["relu", "dense_f32", "reshape", "relu"])
    #expect(try graph.tensor("y").shape == [1, 2, 2])
  }

  @Test func floatLayersBehindAQuantizedNetwork() throws {
    var model = convolutionModel()
    model.quantize("conv_real", "y", scale: 2, zero: -4)
    model.node("Flatten", ["y_f"], "flat")
    let features = try #require(
      importONNX(
        {
          var model = model
          model.output("flat")
          return try model.bytes()
        }()
      ).graph.tensor("flat").shape.last)
    model.constant("w1", [3, features], float: [Float](repeating: 0.5, count: 3 * features))
    model.node("Gemm", ["flat", "w1"], "sum", name: "hidden", [attribute("transB", 1)])
    model.node("Relu", ["sum"], "positive")
    model.constant("w2", [2, 3], float: [1, 2, 3, 4, 5, 6])
    model.node("Gemm", ["positive", "w2"], "logits", name: "head", [attribute("transB", 1)])
    model.output("logits")
    let graph = try imported(model)
    #expect(
      graph.nodes.map(\.op) == ["conv2d", "dequantize", "reshape", "dense_f32", "relu", "dense_f32"])
  }

  @Test func otherFloatLayersAreNamedWithTheWayOut() throws {
    var model = ONNXModelBuilder(shape: [1, 1, 4, 4])
    model.constant("k", [2, 1, 3, 3], float: [Float](repeating: 1, count: 18))
    model.node("Conv", ["image", "k"], "c", name: "conv1")
    model.node("MaxPool", ["c"], "p", name: "pool1", [attribute("kernel_shape", [2, 2])])
    model.node("Flatten", ["p"], "flat")
    model.constant("w", [2, 2], float: [1, 2, 3, 4])
    model.node("Gemm", ["flat", "w"], "y", name: "fc")
    model.output("y")
    let found = try problems(model)
    #expect(found.map(\.kind) == [.notQuantized])
    #expect(found[0].message.contains("it has 'conv1' (Conv), 'pool1' (MaxPool)"))
    let error = #expect(throws: ImportError.self) { try importONNX(model.bytes(), name: "cnn.onnx") }
    #expect(error?.description.contains("quantize_static('cnn.onnx'") == true)
  }

  @Test func floatClipIsRefused() throws {
    var model = convolutionModel()
    model.quantize("conv_real", "y", scale: 2, zero: -4)
    model.node("Flatten", ["y_f"], "flat")
    model.constant("v", [24, 2], float: [Float](repeating: 1, count: 48))
    model.node("MatMul", ["flat", "v"], "sum", name: "fc")
    model.constant("low", [], float: [0])
    model.constant("high", [], float: [6])
    model.node("Clip", ["sum", "low", "high"], "clipped", name: "relu6")
    model.output("clipped")
    let found = try problems(model)
    #expect(found.map(\.kind) == [.unsupported])
    #expect(found[0].message == "it clips float32 values to 0.0...6.0; in float32, Relu is supported")
  }

  @Test func trainedWeightsAndANewHeadAreExported() throws {
    var model = perceptron()
    model.output("logits")
    let learned = littleEndianBytes((0..<8).map { Float($0) / 2 })
    let same = try importONNX(exportONNX(original: model.bytes(), trained: ["w2": learned])).graph
    #expect(try same.tensor("w2").data == learned)
    let head = TrainedHead(weights: [Float](repeating: 0.5, count: 12), bias: [1, 2, 3], features: "hidden")
    let exported = try importONNX(exportONNX(original: model.bytes(), trained: [:], head: head)).graph
    #expect(exported.nodes.map(\.op) == ["reshape", "dense_f32", "relu", "reshape", "dense_f32"])
    #expect(try exported.tensor("head.bias").float32Data == [1, 2, 3])
  }

  @Test func whatDoesNotFitIsNamed() throws {
    var wrong = ONNXModelBuilder(shape: [1, 3])
    wrong.constant("w", [4, 2], float: [Float](repeating: 1, count: 8))
    wrong.node("Gemm", ["image", "w"], "y", name: "fc")
    wrong.output("y")
    #expect(try problems(wrong).map(\.layer) == ["fc"])
    var scaled = ONNXModelBuilder(shape: [1, 3])
    scaled.constant("w", [3, 2], float: [Float](repeating: 1, count: 6))
    scaled.node("Gemm", ["image", "w"], "y", name: "fc", [attribute("alpha", Float(2))])
    scaled.output("y")
    #expect(try problems(scaled).map(\.kind) == [.unsupported])
  }
}
