import Foundation
import Graph
import Importers
import Testing

struct ONNXExportTests {
  /// 1×2×4×4 → convolution → quantized `y` [1, 3, 2, 4] → flatten → float32 head `v` of two outputs.
  private func model() -> ONNXModelBuilder {
    var model = convolutionModel()
    model.quantize("conv_real", "y", scale: 2, zero: -4)
    model.node("Flatten", ["y_f"], "flat")
    model.constant("v", [24, 2], float: (0..<48).map { Float($0) })
    model.node("MatMul", ["flat", "v"], "logits", name: "old_head")
    model.output("logits")
    return model
  }

  @Test func trainedTensorsReplaceTheOld() throws {
    let original = try model().bytes()
    var graph = try importONNX(original).graph
    let weights = (0..<54).map { UInt8(bitPattern: Int8($0 - 27)) }
    let bias = littleEndianBytes([Int32(-1), 0, 1])
    let head = littleEndianBytes((0..<48).map { Float($0) / 7 })
    let exported = try exportONNX(original: original, trained: ["w": weights, "b": bias, "v": head])
    for (name, bytes) in ["w": weights, "b": bias, "v": head] { try graph.update(name) { $0.data = bytes } }
    #expect(try importONNX(exported).graph == graph)
  }

  @Test func nothingTrainedChangesNothing() throws {
    let original = try model().bytes()
    #expect(try decodeONNX(exportONNX(original: original, trained: [:])) == decodeONNX(original))
  }

  @Test func transposedAndUnsignedWeightsGoBackAsTheyWere() throws {
    var model = ONNXModelBuilder(shape: [1, 3])
    model.quantize("image", "x", scale: 0.5, zero: 0)
    model.constant("w", [3, 2], .uint8, [0, 1, 2, 3, 4, 255])
    model.constant("s", [], float: [1])
    model.constant("z", [], .uint8, [128])
    model.node("DequantizeLinear", ["w", "s", "z"], "w_f")
    model.node("MatMul", ["x_f", "w_f"], "real")
    model.quantize("real", "y", scale: 1, zero: 0)
    model.output("y_f")
    let original = try model.bytes()
    let weight = try importONNX(original).graph.tensor("w")
    #expect(weight.int8Data == [-128, -126, -124, -127, -125, 127])
    let exported = try exportONNX(original: original, trained: ["w": try #require(weight.data)])
    let stored = try decodeONNX(exported).graph.initializer.first { $0.name == "w" }
    #expect(stored.map { [UInt8]($0.rawData) } == [0, 1, 2, 3, 4, 255])
  }

  @Test func trainedValuesOfConstantNodesReplaceTheOld() throws {
    var model = ONNXModelBuilder(shape: [1, 2])
    var weight = ONNXTensorProto()
    weight.dims = [3, 2]
    weight.dataType = Int32(ONNXTensorProto.DataType.float.rawValue)
    weight.floatData = [1, 2, 3, 4, 5, 6]
    model.node("Constant", [], "w1", [attribute("value", weight)])
    model.node("Constant", [], "b1", [attribute("value_floats", [Float(1), 2, 3])])
    model.node("Gemm", ["image", "w1", "b1"], "hidden", [attribute("transB", 1)])
    model.constant("w2", [1, 3], float: [1, 2, 3])
    model.node("Constant", [], "b2", [attribute("value_float", Float(7))])
    model.node("Gemm", ["hidden", "w2", "b2"], "answer", [attribute("transB", 1)])
    model.output("answer")
    let original = try model.bytes()
    var graph = try importONNX(original).graph
    #expect(try graph.tensor("b1").float32Data == [1, 2, 3] && graph.tensor("b2").float32Data == [7])
    let trained = [
      "w1": littleEndianBytes((0..<6).map { Float($0) / 3 }), "b1": littleEndianBytes([Float(-1), 0.5, 8]),
      "b2": littleEndianBytes([Float(-7.25)]),
    ]
    let exported = try exportONNX(original: original, trained: trained)
    for (name, bytes) in trained { try graph.update(name) { $0.data = bytes } }
    #expect(try importONNX(exported).graph == graph)
    let constants = try decodeONNX(exported).graph.node.filter { $0.opType == "Constant" }
    #expect(constants.map(\.attribute.count) == [1, 1, 1])
    #expect(constants.allSatisfy { $0.attribute[0].name == "value" && $0.attribute[0].type == .tensor })
    // What was not trained keeps its form.
    let partly = try decodeONNX(exportONNX(original: original, trained: ["b2": trained["b2"] ?? []]))
    #expect(partly.graph.node.first { $0.output == ["b1"] } == model.graph.node.first { $0.output == ["b1"] })
  }

  @Test func newHeadReplacesEverythingBehindItsFeatures() throws {
    let weights = (0..<72).map { Float($0) * 0.5 }
    let head = TrainedHead(
      weights: weights, bias: [1, 2, 3], features: "y", classNames: ["a", "b \"c\"", "d"])
    let exported = try exportONNX(original: model().bytes(), trained: [:], head: head)
    let graph = try importONNX(exported).graph
    #expect(graph.nodes.map(\.op) == ["conv2d", "dequantize", "reshape", "dense_f32"])
    #expect(graph.outputs == ["logits"])
    #expect(try graph.tensor("logits").shape == [1, 3])
    #expect(try graph.tensor("head.weight").float32Data == weights)
    #expect(try graph.tensor("head.bias").float32Data == [1, 2, 3])
    let proto = try decodeONNX(exported)
    #expect(!proto.graph.initializer.contains { $0.name == "v" })
    #expect(!proto.graph.node.contains { $0.name == "old_head" })
    #expect(proto.metadataProps.first { $0.key == "class_names" }?.value == #"["a","b \"c\"","d"]"#)
  }

  @Test func headCanReplaceAHead() throws {
    let head = TrainedHead(weights: [Float](repeating: 1, count: 24), bias: [1], features: "y")
    let once = try exportONNX(original: model().bytes(), trained: [:], head: head)
    #expect(try exportONNX(original: once, trained: [:], head: head) == once)
  }

  @Test func whatDoesNotFitIsListed() throws {
    let head = TrainedHead(weights: [1, .nan], bias: [1], features: "y", classNames: ["a", "b"])
    let error = #expect(throws: ExportError.self) {
      try exportONNX(original: model().bytes(), trained: ["w": [1], "other": []], head: head)
    }
    #expect(
      error?.problems == [
        "'other' is no constant of the original model", "'w' [3, 2, 3, 3] takes 54 bytes, 1 are given",
        "the head has 2 weights and 1 biases; 'y' has 24 elements, so that 1 × 24 weights are expected",
        "the head has 1 outputs, 2 class names are given",
        "the head's weights or biases hold a NaN or an infinity",
      ])
    let unknown = TrainedHead(weights: [1], bias: [1], features: "conv_real")
    #expect(throws: ExportError.self) {
      try exportONNX(original: model().bytes(), trained: [:], head: unknown)
    }
    #expect(throws: ImportError.self) { try exportONNX(original: [], trained: [:]) }
  }

  @Test(.enabled(if: SharedFiles.isPresent, "../shared is absent: no published network is exported"))
  func publishedNetworkWithANewHead() throws {
    let original = try SharedFiles.bytes("models/mcunet-5fps.onnx")
    let before = try importONNX(original).graph
    let name = "blocks.13.pointwise2.bias"
    let bias = littleEndianBytes((0..<160).map { Int32($0) })
    let head = TrainedHead(
      weights: [Float](repeating: 0.25, count: 1600), bias: [Float](repeating: 0, count: 10),
      features: "avgpool.out")
    let after = try importONNX(exportONNX(original: original, trained: [name: bias], head: head)).graph
    #expect(after.nodes.dropLast(3) == before.nodes.dropLast(3))
    #expect(try after.tensor(name).data == bias)
    #expect(try after.tensor("logits").shape == [1, 10])
    for tensor in after.tensors(role: .constant) where before.contains(tensor.name) && tensor.name != name {
      #expect(try before.tensor(tensor.name) == tensor)
    }
  }
}
