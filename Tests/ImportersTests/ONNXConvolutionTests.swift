import Graph
import Importers
import Testing

struct ONNXConvolutionTests {
  private func imported(_ model: ONNXModelBuilder) throws -> Graph {
    let graph = try importONNX(model.bytes()).graph
    try graph.validate()
    #expect(try Graph(text: graph.text()) == graph)
    return graph
  }

  private func quantizedOutput(_ model: ONNXModelBuilder, of real: String = "conv_real") -> ONNXModelBuilder {
    var model = model
    model.quantize(real, "y", scale: 2, zero: -4)
    model.output("y_f")
    return model
  }

  @Test func strideAndAsymmetricPadding() throws {
    let graph = try imported(quantizedOutput(convolutionModel()))
    #expect(
      graph.text(data: .omitted) == """
        graph "small"
        tensor %x int8[1,2,4,4] scale 0.5 zero 3 role input
        tensor %w int8[3,2,3,3] scale [0.25, 0.5, 0.125] zero [0, 0, 0] axis 0 role constant
        tensor %b int32[3] scale [0.125, 0.25, 0.0625] zero [0, 0, 0] axis 0 role constant
        tensor %y int8[1,3,2,4] scale 2.0 zero -4 role activation
        tensor %y_f float32[1,3,2,4] role activation
        node "conv" %y = conv2d(%x, %w, %b) {clamp = [-128, 127], dilations = [1, 1], groups = 1, pads = [1, 0, 1, 2], rounding = "tflite", strides = [2, 1]} phase forward layer "conv"
        node "y_dq" %y_f = dequantize(%y) {} phase forward layer "y_dq"
        output %y_f

        """)
    #expect(try graph.tensor("w").int8Data == (0..<54).map { Int8($0 - 20) })
    #expect(try graph.tensor("b").int32Data == [100, -200, 300])
  }

  @Test func withoutBias() throws {
    let graph = try imported(quantizedOutput(convolutionModel(bias: false)))
    #expect(graph.nodes[0].inputs == ["x", "w", ""])
  }

  @Test(arguments: [
    ("SAME_UPPER", [0, 0, 1, 1], [2, 2]), ("SAME_LOWER", [1, 1, 0, 0], [2, 2]),
    ("VALID", [0, 0, 0, 0], [1, 1]),
  ])
  func automaticPadding(_ mode: String, _ pads: [Int], _ size: [Int]) throws {
    var model = convolutionModel()
    model.graph.node[model.graph.node.count - 1].attribute = [
      attribute("auto_pad", mode), attribute("strides", [2, 2]),
    ]
    let graph = try imported(quantizedOutput(model))
    #expect(graph.nodes[0].ints("pads") == pads)
    #expect(try graph.tensor("y").shape == [1, 3] + size)
  }

  @Test func dilationAndGroups() throws {
    var model = ONNXModelBuilder(shape: [-1, 4, 5, 5])
    model.quantize("image", "x", scale: 1, zero: 0)
    model.weight("w", [4, 2, 2, 2], (0..<32).map { Int8($0) }, scales: [1])
    model.node(
      "Conv", ["x_f", "w_f"], "conv_real", name: "conv",
      [attribute("group", 2), attribute("dilations", [2, 3])])
    let graph = try imported(quantizedOutput(model))
    #expect(graph.nodes[0].int("groups") == 2)
    #expect(graph.nodes[0].ints("dilations") == [2, 3])
    #expect(try graph.tensor("y").shape == [1, 4, 3, 2])
    #expect(try graph.tensor("w").quantization == .perTensor(scale: 1, zeroPoint: 0))
  }

  @Test func oneZeroPointForAllChannelsIsKept() throws {
    var model = convolutionModel()
    model.graph.initializer[4].rawData = .init([5, 5, 5])
    #expect(model.graph.initializer[4].name == "w_zero")
    let graph = try imported(quantizedOutput(model))
    #expect(try graph.tensor("w").quantization?.zeroPoints == [5, 5, 5])
  }

  @Test func differingZeroPointsAreRefused() throws {
    var model = convolutionModel()
    model.graph.initializer[4].rawData = .init([5, 5, 6])
    let error = #expect(throws: ImportError.self) { try imported(quantizedOutput(model)) }
    #expect(
      error?.problems.map(\.description) == [
        "layer 'conv' (Conv): the weight 'w' has zero points that differ between channels; one for all is supported"
      ])
  }

  @Test func unsignedIntegersAreShifted() throws {
    var model = ONNXModelBuilder(shape: [1, 1, 1, 1])
    model.quantize("image", "x", scale: 0.5, zero: 130, type: .uint8)
    model.constant("w", [2, 1, 1, 1], .uint8, [0, 255])
    model.constant("w_scale", [], float: [0.25])
    model.constant("w_zero", [], .uint8, [128])
    model.node("DequantizeLinear", ["w", "w_scale", "w_zero"], "w_f")
    model.node("Conv", ["x_f", "w_f"], "conv_real", name: "conv")
    model.quantize("conv_real", "y", scale: 2, zero: 0, type: .uint8)
    model.output("y_f")
    let imported = try importONNX(model.bytes())
    #expect(try imported.graph.tensor("x").quantization == .perTensor(scale: 0.5, zeroPoint: 2))
    #expect(try imported.graph.tensor("w").quantization == .perTensor(scale: 0.25, zeroPoint: 0))
    #expect(try imported.graph.tensor("w").int8Data == [-128, 127])
    #expect(try imported.graph.tensor("y").quantization == .perTensor(scale: 2, zeroPoint: -128))
    #expect(
      imported.notes == [
        .shiftedUnsigned(tensors: ["x", "w", "y"]), .mostNegativeWeights(count: 1, layers: ["conv"]),
      ])
  }

  @Test func reluAndClipBecomeTheClamp() throws {
    var model = convolutionModel()
    model.node("Relu", ["conv_real"], "relu")
    model.constant("six", [], float: [6])
    model.node("Clip", ["relu", "", "six"], "relu6")
    let graph = try imported(quantizedOutput(model, of: "relu6"))
    #expect(graph.nodes.map(\.op) == ["conv2d", "dequantize"])
    #expect(graph.nodes[0].ints("clamp") == [-4, -1])
  }

  @Test func clipBoundsMayBeAttributes() throws {
    var model = convolutionModel()
    model.node("Clip", ["conv_real"], "clipped", [attribute("min", Float(-3)), attribute("max", Float(9))])
    let graph = try imported(quantizedOutput(model, of: "clipped"))
    #expect(graph.nodes[0].ints("clamp") == [-6, 0])
  }

  @Test func reluOnIntegersIsAClampOfItsOwn() throws {
    var model = quantizedOutput(convolutionModel())
    model.graph.output = []
    model.node("Relu", ["y_f"], "relu")
    model.quantize("relu", "same", scale: 2, zero: -4)
    model.node("Relu", ["same_f"], "again")
    model.quantize("again", "other", scale: 1, zero: 0)
    model.output("other_f")
    let graph = try imported(model)
    #expect(graph.nodes.map(\.op) == ["conv2d", "clamp", "requantize", "dequantize"])
    #expect(graph.nodes[1].outputs == ["same"])
    #expect(graph.nodes[1].ints("clamp") == [-4, 127])
    #expect(graph.nodes[2].outputs == ["other"])
    #expect(graph.nodes[2].ints("clamp") == [0, 127])
    #expect(graph.nodes[2].string("rounding") == "tflite")
  }

  @Test func residualAdd() throws {
    var model = quantizedOutput(convolutionModel())
    model.graph.output = []
    model.node("Add", ["y_f", "y_f"], "sum")
    model.quantize("sum", "z", scale: 4, zero: 0)
    model.output("z_f")
    let graph = try imported(model)
    #expect(graph.nodes[1].op == "add")
    #expect(graph.nodes[1].inputs == ["y", "y"])
    #expect(graph.nodes[1].string("rounding") == "tflite")
    #expect(graph.nodes[1].ints("clamp") == [-128, 127])
  }

  @Test func namelessAndEquallyNamedNodesGetNamesOfTheirOwn() throws {
    var model = quantizedOutput(convolutionModel())
    model.graph.output = []
    model.node("Add", ["y_f", "y_f"], "sum", name: "conv")
    model.quantize("sum", "z", scale: 4, zero: 0)
    model.node("Add", ["z_f", "z_f"], "sum2", name: "")
    model.quantize("sum2", "z2", scale: 4, zero: 0)
    model.output("z2_f")
    let names = try imported(model).nodes.map(\.name)
    #expect(names == ["conv", "conv.2", "Add_10", "z2_dq"])
  }

  @Test func arithmeticNotes() throws {
    var model = ONNXModelBuilder(shape: [1, 2, 1, 1])
    model.quantize("image", "x", scale: 1, zero: 0)
    model.weight("w", [3, 2, 1, 1], [-128, 1, 2, 3, 100, 100], scales: [1])
    model.bias("b", [.max, .min, .max - 25_600], scales: [1])
    model.node("Conv", ["x_f", "w_f", "b_f"], "conv_real", name: "conv")
    let notes = try importONNX(quantizedOutput(model).bytes()).notes
    #expect(
      notes == [
        .saturatedBiases(count: 2, layers: ["conv"]), .mostNegativeWeights(count: 1, layers: ["conv"]),
        .accumulatorOverflow(channels: 2, layers: ["conv"]),
      ])
  }
}
