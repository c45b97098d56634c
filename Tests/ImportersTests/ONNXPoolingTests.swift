import Graph
import Importers
import Testing

struct ONNXPoolingTests {
  /// 1×2×6×6 → quantize (scale 0.5, zero 3) → `op` → quantize.
  private func model(
    _ op: String, _ attributes: [ONNXAttributeProto], scale: Float = 0.5, zero: Int = 3, relu: Bool = false
  ) -> ONNXModelBuilder {
    var model = ONNXModelBuilder(shape: [1, 2, 6, 6])
    model.quantize("image", "x", scale: 0.5, zero: 3)
    model.node(op, ["x_f"], "pool_real", name: "pool", attributes)
    if relu { model.node("Relu", ["pool_real"], "relu") }
    model.quantize(relu ? "relu" : "pool_real", "y", scale: scale, zero: zero)
    model.output("y_f")
    return model
  }

  private func imported(_ model: ONNXModelBuilder) throws -> Graph {
    let graph = try importONNX(model.bytes()).graph
    try graph.validate()
    return graph
  }

  @Test func windowedAverage() throws {
    let graph = try imported(
      model(
        "AveragePool",
        [
          attribute("kernel_shape", [3, 2]), attribute("strides", [2, 2]), attribute("pads", [1, 0, 1, 0]),
          attribute("count_include_pad", 1),
        ]))
    #expect(graph.nodes.map(\.op) == ["average_pool2d", "dequantize"])
    let pool = graph.nodes[0]
    #expect(pool.ints("kernel") == [3, 2])
    #expect(pool.ints("strides") == [2, 2])
    #expect(pool.ints("pads") == [1, 0, 1, 0])
    #expect(pool.int("count_padding") == 1)
    #expect(pool.string("rounding") == "tflite")
    #expect(try graph.tensor("y").shape == [1, 2, 3, 3])
  }

  @Test func globalAverageHasTheKernelOfThePlane() throws {
    let graph = try imported(model("GlobalAveragePool", []))
    #expect(graph.nodes[0].ints("kernel") == [6, 6])
    #expect(graph.nodes[0].ints("strides") == [1, 1])
    #expect(try graph.tensor("y").shape == [1, 2, 1, 1])
  }

  @Test func anotherQuantizationIsARequantizeBehindThePool() throws {
    let graph = try imported(model("GlobalAveragePool", [], scale: 0.25, zero: -10, relu: true))
    #expect(graph.nodes.map(\.op) == ["average_pool2d", "requantize", "dequantize"])
    #expect(graph.nodes[0].outputs == ["y.pooled"])
    #expect(graph.nodes[0].ints("clamp") == [-128, 127])
    #expect(try graph.tensor("y.pooled").quantization == .perTensor(scale: 0.5, zeroPoint: 3))
    #expect(graph.nodes[1].outputs == ["y"])
    #expect(graph.nodes[1].ints("clamp") == [-10, 127])
    #expect(graph.nodes[1].layer == "pool")
  }

  @Test func maximumWithDilation() throws {
    let graph = try imported(
      model("MaxPool", [attribute("kernel_shape", [2, 2]), attribute("dilations", [2, 3])], relu: true))
    #expect(graph.nodes[0].op == "max_pool2d")
    #expect(graph.nodes[0].ints("dilations") == [2, 3])
    #expect(graph.nodes[0].ints("clamp") == [3, 127])
    #expect(try graph.tensor("y").shape == [1, 2, 4, 3])
  }

  @Test func maximumNeedsNoQuantizeLinear() throws {
    var model = model("MaxPool", [attribute("kernel_shape", [2, 2])])
    model.graph.node.removeLast(2)
    model.graph.output = []
    model.output("pool_real")
    let graph = try imported(model)
    #expect(graph.nodes.map(\.op) == ["max_pool2d", "dequantize"])
    #expect(graph.outputs == ["pool_real"])
  }

  @Test func maximumOfIntegers() throws {
    var model = ONNXModelBuilder(shape: [1, 2, 6, 6])
    model.quantize("image", "x", scale: 0.5, zero: 3)
    model.node("MaxPool", ["x"], "pooled", name: "pool", [attribute("kernel_shape", [2, 2])])
    model.node("DequantizeLinear", ["pooled", "x_scale", "x_zero"], "pooled_f")
    model.output("pooled_f")
    let graph = try imported(model)
    #expect(graph.nodes.map(\.op) == ["max_pool2d", "dequantize"])
    #expect(graph.nodes[0].outputs == ["pooled"])
  }

  @Test func ceilModePadsTheEnd() throws {
    let attributes = [
      attribute("kernel_shape", [3, 3]), attribute("strides", [2, 2]), attribute("ceil_mode", 1),
    ]
    let graph = try imported(model("MaxPool", attributes))
    #expect(graph.nodes[0].ints("pads") == [0, 0, 1, 1])
    #expect(try graph.tensor("y").shape == [1, 2, 3, 3])
  }

  @Test func averageWithoutQuantizeLinearIsRefused() throws {
    var model = model("GlobalAveragePool", [])
    model.graph.node.removeLast(2)
    model.graph.output = []
    model.output("pool_real")
    let error = #expect(throws: ImportError.self) { try imported(model) }
    #expect(error?.problems.map(\.kind) == [.notQuantized])
    #expect(error?.problems.map(\.layer) == ["pool"])
  }
}
