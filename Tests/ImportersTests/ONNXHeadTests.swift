import Graph
import Importers
import Testing

struct ONNXHeadTests {
  private func imported(_ model: ONNXModelBuilder) throws -> ImportedModel {
    let imported = try importONNX(model.bytes())
    try imported.graph.validate()
    return imported
  }

  /// 1×3×1×2 → quantize → flatten, as int8 `x` and real `flat` of six features.
  private func features() -> ONNXModelBuilder {
    var model = ONNXModelBuilder(shape: [1, 3, 1, 2])
    model.quantize("image", "x", scale: 0.5, zero: 3)
    model.node("Flatten", ["x_f"], "flat", [attribute("axis", 1)])
    return model
  }

  @Test func floatGemm() throws {
    var model = features()
    model.constant("w", [2, 6], float: (0..<12).map { Float($0) })
    model.constant("b", [2], float: [0.5, -0.5])
    model.node("Gemm", ["flat", "w", "b"], "logits", name: "head", [attribute("transB", 1)])
    model.output("logits")
    let graph = try imported(model).graph
    #expect(graph.nodes.map(\.op) == ["dequantize", "reshape", "dense_f32"])
    #expect(graph.nodes[2].inputs == ["flat", "w", "b"])
    #expect(graph.outputs == ["logits"])
    #expect(try graph.tensor("logits").shape == [1, 2])
    #expect(try graph.tensor("logits").element == .float32)
    #expect(try graph.tensor("w").float32Data == (0..<12).map { Float($0) })
  }

  @Test func floatMatMulWithAddAndSoftmax() throws {
    var model = features()
    model.constant("w", [6, 2], float: (0..<12).map { Float($0) })
    model.constant("b", [1, 2], float: [0.5, -0.5])
    model.node("MatMul", ["flat", "w"], "product", name: "head")
    model.node("Add", ["b", "product"], "logits")
    model.node("Softmax", ["logits"], "probabilities", name: "soft")
    model.output("probabilities")
    let result = try imported(model)
    #expect(result.graph.nodes.map(\.op) == ["dequantize", "reshape", "dense_f32"])
    #expect(result.graph.nodes[2].inputs == ["flat", "w", "b"])
    #expect(result.graph.outputs == ["logits"])
    #expect(try result.graph.tensor("w").shape == [2, 6])
    #expect(try result.graph.tensor("w").float32Data == [0, 2, 4, 6, 8, 10, 1, 3, 5, 7, 9, 11])
    #expect(result.notes == [.droppedNode(name: "soft", op: "Softmax")])
  }

  @Test func quantizedGemmIsTransposed() throws {
    var model = features()
    model.weight("w", [6, 2], (0..<12).map { Int8($0) }, scales: [0.25, 0.5], axis: 1)
    model.bias("b", [7, 8], scales: [0.125, 0.25])
    model.node("Gemm", ["flat", "w_f", "b_f"], "real", name: "fc")
    model.quantize("real", "y", scale: 2, zero: 0)
    model.output("y_f")
    let graph = try imported(model).graph
    #expect(graph.nodes.map(\.op) == ["reshape", "dense", "dequantize"])
    #expect(graph.nodes[1].inputs == ["flat", "w", "b"])
    #expect(graph.nodes[1].string("rounding") == "tflite")
    let weight = try graph.tensor("w")
    #expect(weight.shape == [2, 6])
    #expect(weight.int8Data == [0, 2, 4, 6, 8, 10, 1, 3, 5, 7, 9, 11])
    #expect(weight.quantization == Quantization(scales: [0.25, 0.5], zeroPoints: [0, 0], axis: 0))
  }

  @Test func quantizedMatMulWithAddAndQuantizedSoftmax() throws {
    var model = features()
    model.weight("w", [6, 2], (0..<12).map { Int8($0) }, scales: [0.25])
    model.bias("b", [7, 8], scales: [0.125])
    model.node("MatMul", ["flat", "w_f"], "product", name: "fc")
    model.node("Add", ["product", "b_f"], "real")
    model.quantize("real", "y", scale: 2, zero: 0)
    model.node("Softmax", ["y_f"], "soft")
    model.quantize("soft", "p", scale: 1 / 256, zero: -128)
    model.output("p_f")
    let result = try imported(model)
    #expect(result.graph.nodes.map(\.op) == ["reshape", "dense", "dequantize"])
    #expect(result.graph.nodes[1].inputs == ["flat", "w", "b"])
    #expect(result.graph.outputs == ["y_f"])
  }

  @Test func softmaxInTheMiddleIsRefused() throws {
    var model = features()
    model.node("Softmax", ["flat"], "soft")
    model.node("Relu", ["soft"], "relu")
    model.output("relu")
    let error = #expect(throws: ImportError.self) { try imported(model) }
    #expect(error?.problems.map(\.layer) == ["relu"])
  }

  @Test func integerOutputIsDequantized() throws {
    var model = features()
    model.quantize("flat", "y", scale: 0.5, zero: 3)
    model.graph.node.removeLast()
    model.output("y")
    let result = try imported(model)
    #expect(result.graph.nodes.map(\.op) == ["reshape", "dequantize"])
    #expect(result.graph.outputs == ["y.dequantized"])
    #expect(result.notes == [.dequantizedOutput(tensor: "y")])
  }

  @Test func integerInput() throws {
    var model = ONNXModelBuilder(input: "x", shape: [-1, 1, 2, 2])
    model.inputType(.uint8)
    model.constant("scale", [], float: [0.5])
    model.constant("zero", [], .uint8, [128])
    model.node("DequantizeLinear", ["x", "scale", "zero"], "x_f")
    model.output("x_f")
    let result = try imported(model)
    let input = try #require(result.graph.tensors(role: .input).first)
    #expect(input.name == "x")
    #expect(input.quantization == .perTensor(scale: 0.5, zeroPoint: 0))
    #expect(result.notes == [.shiftedUnsigned(tensors: ["x"])])
  }

  @Test(arguments: [
    ("Reshape", [0, -1], [1, 6]), ("Reshape", [1, 2, 3], [1, 2, 3]), ("Squeeze", [2], [1, 3, 2]),
    ("Squeeze", [-2], [1, 3, 2]), ("Unsqueeze", [0, 5], [1, 1, 3, 1, 2, 1]),
  ])
  func otherShapes(_ op: String, _ values: [Int], _ shape: [Int]) throws {
    var model = ONNXModelBuilder(shape: [1, 3, 1, 2])
    model.quantize("image", "x", scale: 0.5, zero: 3)
    model.constant("values", [values.count], int64: values.map { Int64($0) })
    model.node(op, ["x_f", "values"], "reshaped")
    model.output("reshaped")
    let graph = try imported(model).graph
    #expect(graph.nodes.map(\.op) == ["dequantize", "reshape"])
    #expect(try graph.tensor("reshaped").shape == shape)
  }

  @Test func identityAndDropoutDisappear() throws {
    var model = features()
    model.node("Identity", ["flat"], "same")
    model.node("Dropout", ["same"], "dropped")
    model.output("dropped")
    let graph = try imported(model).graph
    #expect(graph.nodes.map(\.op) == ["dequantize", "reshape"])
    #expect(graph.outputs == ["flat"])
  }
}
