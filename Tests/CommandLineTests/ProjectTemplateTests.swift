import Foundation
import Importers
import Testing
import tinysdk

/// What a model's input says about the preprocessing of a new project.
struct ProjectTemplateTests {
  /// A model whose input of `shape` is flattened into a float32 layer of two outputs, as int8 or as it is.
  private func model(_ shape: [Int], isQuantized: Bool) throws -> [UInt8] {
    var graph = ONNXGraphProto()
    var input = ONNXValueInfoProto()
    input.name = "image"
    input.type.tensorType.elemType = Int32(ONNXTensorProto.DataType.float.rawValue)
    input.type.tensorType.shape.dim = shape.map { size in
      var dim = ONNXTensorShapeProto.Dimension()
      dim.dimValue = Int64(size)
      return dim
    }
    graph.input = [input]
    func constant(_ name: String, _ dims: [Int], _ change: (inout ONNXTensorProto) -> Void) {
      var tensor = ONNXTensorProto()
      (tensor.name, tensor.dims) = (name, dims.map { Int64($0) })
      tensor.dataType = Int32(ONNXTensorProto.DataType.float.rawValue)
      change(&tensor)
      graph.initializer.append(tensor)
    }
    func node(_ op: String, _ inputs: [String], _ output: String) {
      var node = ONNXNodeProto()
      (node.opType, node.name, node.input, node.output) = (op, output, inputs, [output])
      graph.node.append(node)
    }
    if isQuantized {
      constant("scale", []) { $0.floatData = [0.5] }
      constant("zero", []) {
        $0.dataType = Int32(ONNXTensorProto.DataType.int8.rawValue)
        $0.rawData = Data([0])
      }
      node("QuantizeLinear", ["image", "scale", "zero"], "quantized")
      node("DequantizeLinear", ["quantized", "scale", "zero"], "real")
    }
    node("Flatten", [isQuantized ? "real" : "image"], "flat")
    let features = shape.reduce(1, *)
    constant("weight", [features, 2]) { $0.floatData = [Float](repeating: 0.5, count: 2 * features) }
    node("Gemm", ["flat", "weight"], "answer")
    var output = input
    output.name = "answer"
    output.type.tensorType.shape.dim = []
    graph.output = [output]
    var model = ONNXModelProto()
    model.irVersion = 8
    var operators = ONNXOperatorSetIdProto()
    operators.version = 13
    model.opsetImport = [operators]
    model.graph = graph
    return try encodeONNX(model)
  }

  /// The project file that `new-project` writes around such a model.
  private func settings(_ shape: [Int], isQuantized: Bool) throws -> String {
    try withTemporaryFolder { folder in
      let path = "\(folder)/model.onnx"
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try Data(try model(shape, isQuantized: isQuantized)).write(to: URL(filePath: path))
      let made = try runTool("new-project", "own", "--board", "host", "--model", path, "--project", folder)
      try #require(made.status == 0, Comment(rawValue: made.errors))
      return try read("\(folder)/own/tinysdk.yml")
    }
  }

  @Test func picturesInColourEnterAsPixelMinus128() throws {
    let text = try settings([1, 3, 4, 4], isQuantized: true)
    #expect(text.contains("\npreprocessing:\n  pixel_minus: 128 "))
  }

  @Test(arguments: [
    ([1, 1, 4, 4], true), ([1, 4, 4, 4], true), ([1, 3], true), ([1, 3, 4], true), ([1, 3, 4, 4], false),
  ])
  func everyOtherInputIsLeftOpen(shape: [Int], isQuantized: Bool) throws {
    #expect(!(try settings(shape, isQuantized: isQuantized).contains("pixel_minus")))
  }
}
