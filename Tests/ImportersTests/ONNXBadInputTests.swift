import Foundation
import Graph
import Importers
import Testing

struct ONNXBadInputTests {
  private func problems(_ bytes: [UInt8]) -> [ImportProblem] {
    do {
      _ = try importONNX(bytes)
      return []
    } catch {
      return error.problems
    }
  }

  private func problems(_ model: ONNXModelBuilder) throws -> [ImportProblem] { problems(try model.bytes()) }

  /// A whole small model: convolution, quantized, as the output.
  private func model() -> ONNXModelBuilder {
    var model = convolutionModel()
    model.quantize("conv_real", "y", scale: 2, zero: -4)
    model.output("y_f")
    return model
  }

  private func model(_ change: (inout ONNXGraphProto) -> Void) -> ONNXModelBuilder {
    var model = model()
    change(&model.graph)
    return model
  }

  private func initializer(_ name: String, in graph: ONNXGraphProto) -> Int {
    graph.initializer.firstIndex { $0.name == name } ?? 0
  }

  @Test func modelIsGoodToBeginWith() throws {
    #expect(try problems(model()).isEmpty)
  }

  @Test func emptyFile() {
    #expect(problems([]).map(\.description) == ["the file is empty"])
  }

  @Test func truncatedFile() throws {
    let bytes = try model().bytes()
    let found = problems(Array(bytes.dropLast(bytes.count / 2)))
    #expect(found.map(\.kind) == [.unreadable])
    #expect(found[0].message.contains("ends in the middle"))
  }

  @Test func randomBytes() {
    var random = SplitMix64(state: 1)
    for _ in 0..<50 {
      let bytes = (0..<200).map { _ in UInt8.random(in: 0...255, using: &random) }
      #expect(problems(bytes).map(\.kind) == [.unreadable])
    }
  }

  @Test func otherFileFormats() {
    for bytes in [Array("<html></html>".utf8), [0x89, 0x50, 0x4e, 0x47], [UInt8](repeating: 0, count: 64)] {
      #expect(problems(bytes).map(\.kind) == [.unreadable])
    }
  }

  @Test func missingFile() {
    let error = #expect(throws: ImportError.self) { try importONNX(path: "/nowhere/model.onnx") }
    #expect(error?.description.contains("cannot be read") == true)
  }

  @Test func circleIsNamed() throws {
    let circular = model { graph in
      let conv = graph.node.firstIndex { $0.name == "conv" } ?? 0
      graph.node[conv].input[0] = "y_f"
    }
    let found = try problems(circular)
    #expect(found.first?.kind == .structure)
    #expect(found.first?.message == "the graph runs in a circle: conv → y_dq → y_q → conv")
  }

  @Test func missingInitializer() throws {
    let found = try problems(model { $0.initializer.removeAll { $0.name == "w" } })
    #expect(
      found.map(\.description) == [
        "layer 'w_dq' (DequantizeLinear): its input 'w' is made by no node and is no initializer"
      ])
  }

  @Test func danglingInputsAreAllListed() throws {
    let broken = model { graph in
      for name in ["conv", "y_q"] {
        let node = graph.node.firstIndex { $0.name == name } ?? 0
        graph.node[node].input[0] = "nothing"
      }
    }
    let found = try problems(broken)
    #expect(found.map(\.layer) == ["conv", "y_q"])
    #expect(found.allSatisfy { $0.message.contains("'nothing'") })
  }

  @Test func tensorWithTwoSources() throws {
    let found = try problems(model { $0.node.append($0.node[$0.node.count - 1]) })
    #expect(found.contains { $0.kind == .structure && $0.message.contains("'y_f' has another source") })
  }

  @Test func badScalesAreAllListed() throws {
    let broken = model { graph in
      for (name, scales) in [
        ("x_scale", [Float.nan]), ("w_scale", [0.25, 0, 0.125]), ("b_scale", [0.125, -0.25, -1]),
        ("y_scale", [.infinity]),
      ] {
        graph.initializer[initializer(name, in: graph)].rawData = Data(littleEndianBytes(scales))
      }
    }
    let found = try problems(broken)
    #expect(found.allSatisfy { $0.kind == .quantization })
    #expect(found.map(\.layer) == ["x_q", "w_dq", "b_dq", "y_q"])
    #expect(found[0].message.contains("'x_scale' is nan"))
    #expect(found[1].message.contains("'w_scale' of channel 1 is 0"))
    #expect(found[2].message.contains("'b_scale' of channel 1 is -0.25 (and 1 more)"))
    #expect(found[3].message.contains("'y_scale' is inf"))
  }

  @Test func scaleCountMustBeTheChannelCount() throws {
    let broken = model { graph in
      for name in ["w_scale", "w_zero"] {
        let position = initializer(name, in: graph)
        graph.initializer[position].dims = [2]
        graph.initializer[position].rawData.removeLast(graph.initializer[position].rawData.count / 3)
      }
    }
    let found = try problems(broken)
    #expect(
      found.map(\.message) == ["'w' has 3 channels on axis 0, its scale 'w_scale' has 2 values"])
  }

  @Test func biasScaleMustBeTheProduct() throws {
    let broken = model { graph in
      graph.initializer[initializer("b_scale", in: graph)].rawData = Data(
        littleEndianBytes([Float(1), 1, 1]))
    }
    let found = try problems(broken)
    #expect(found.map(\.kind) == [.quantization])
    #expect(found.map(\.layer) == ["conv"])
  }

  @Test func wrongDataLength() throws {
    let found = try problems(model { $0.initializer[initializer("w", in: $0)].rawData.removeLast() })
    #expect(found.map(\.message) == ["tensor 'w' holds 53 bytes, its shape [3, 2, 3, 3] of int8 needs 54"])
  }

  @Test func weightMustFitTheGroups() throws {
    let broken = model { graph in
      let conv = graph.node.firstIndex { $0.name == "conv" } ?? 0
      graph.node[conv].attribute.append(attribute("group", 2))
    }
    let found = try problems(broken)
    #expect(found.map(\.kind) == [.shape])
    #expect(found[0].message.contains("2 input channels in 2 groups"))
  }

  @Test(arguments: [[3, 0, 3, 3], [3, Int.max, 3, 3], [-3, 2, 3, 3], [1 << 20, 1 << 20, 3, 3]])
  func impossibleWeightShapes(_ shape: [Int]) throws {
    let found = try problems(
      model { $0.initializer[initializer("w", in: $0)].dims = shape.map { Int64($0) } })
    #expect(!found.isEmpty)
    #expect(found.allSatisfy { $0.message.contains("'w'") })
  }

  @Test(arguments: [
    [1, 2, Int.max, Int.max], [1, 2, 1 << 40, 4], [1, 2, 0, 4], [1, 2, -1, 4], [2, 2, 4, 4],
  ])
  func impossibleInputShapes(_ shape: [Int]) throws {
    let broken = model { graph in
      graph.input[0].type.tensorType.shape.dim = shape.map { size in
        var dim = ONNXTensorShapeProto.Dimension()
        dim.dimValue = Int64(size)
        return dim
      }
    }
    #expect(try problems(broken).map(\.kind) == [.shape])
  }

  @Test func dynamicShapesAreNamed() throws {
    let broken = model { graph in
      graph.input[0].type.tensorType.shape.dim[2].clearDimValue()
      graph.input[0].type.tensorType.shape.dim[2].dimParam = "height"
    }
    #expect(
      try problems(broken).map(\.message) == [
        "dimension 2 of the input 'image' is 'height'; only the batch may be dynamic"
      ])
  }

  @Test(arguments: [
    attribute("strides", [0, 1]), attribute("strides", [1, 1, 1]), attribute("pads", [-1, 0, 0, 0]),
    attribute("dilations", [Int.max, Int.max]), attribute("kernel_shape", [2, 2]), attribute("group", 0),
    attribute("auto_pad", "ALMOST_SAME"), attribute("other", 1), attribute("dilations", [9, 9]),
  ])
  func impossibleAttributes(_ bad: ONNXAttributeProto) throws {
    let broken = model { graph in
      let conv = graph.node.firstIndex { $0.name == "conv" } ?? 0
      graph.node[conv].attribute = [bad]
    }
    let found = try problems(broken)
    #expect(found.map(\.layer) == ["conv"], "\(found)")
  }

  @Test func unsupportedOperatorsAreAllListed() throws {
    var broken = model()
    broken.graph.output = []
    broken.node("HardSwish", ["y_f"], "a", name: "first")
    broken.quantize("a", "a8", scale: 1, zero: 0)
    broken.node("Resize", ["a8_f"], "r", name: "second")
    broken.output("r")
    let error = #expect(throws: ImportError.self) { try importONNX(broken.bytes(), name: "net.onnx") }
    #expect(error?.problems.map(\.layer) == ["first", "second"])
    #expect(error?.problems.map(\.op) == ["HardSwish", "Resize"])
    let text = error?.description ?? ""
    #expect(text.hasPrefix("cannot import 'net.onnx': 2 problems\n"))
    #expect(text.contains("supported operators: Add, AveragePool, Clip"))
  }

  @Test func floatModelSaysWhatToDo() throws {
    var float = ONNXModelBuilder(shape: [1, 1, 4, 4])
    float.constant("w", [1, 1, 1, 1], float: [1])
    float.node("Conv", ["image", "w"], "y")
    float.output("y")
    let error = #expect(throws: ImportError.self) { try importONNX(float.bytes()) }
    #expect(error?.problems.map(\.kind) == [.notQuantized])
    #expect(error?.description.contains("quantize_static") == true)
  }

  @Test func floatLayersInAQuantizedModelAreListed() throws {
    var broken = model()
    broken.graph.output = []
    broken.constant("v", [3, 3, 1, 1], float: [Float](repeating: 1, count: 9))
    broken.node("Conv", ["y_f", "v"], "z", name: "floating")
    broken.output("z")
    let found = try problems(broken)
    #expect(found.map(\.kind) == [.notQuantized])
    #expect(found.map(\.layer) == ["floating"])
  }

  @Test func missingQuantizeLinearNamesTheLayer() throws {
    var broken = convolutionModel()
    broken.node("Relu", ["conv_real"], "relu")
    broken.output("relu")
    let found = try problems(broken)
    #expect(found.map(\.kind) == [.notQuantized])
    #expect(found.map(\.layer) == ["conv"])
  }

  @Test func severalInputsAndOutputs() throws {
    var broken = model()
    broken.graph.input.append(broken.graph.input[0])
    broken.graph.input[1].name = "mask"
    broken.output("conv_real")
    let found = try problems(broken)
    #expect(found.map(\.kind) == [.unsupported, .unsupported])
    #expect(found[0].message.contains("2 inputs ('image', 'mask')"))
    #expect(found[1].message.contains("2 outputs ('y_f', 'conv_real')"))
  }
}
