import Foundation
import Graph
import Importers

/// Builds small ONNX models node by node. Tensor names follow the calls: `relu` makes `y` of `x`.
struct ONNXModelBuilder {
  var graph = ONNXGraphProto()

  /// A model with one float32 input of `shape`; a negative dimension stands for a symbolic one.
  init(input: String = "image", shape: [Int]) {
    graph.name = "small"
    graph.input = [valueInfo(input, .float, shape)]
  }

  private func valueInfo(
    _ name: String, _ type: ONNXTensorProto.DataType, _ shape: [Int]
  ) -> ONNXValueInfoProto {
    var info = ONNXValueInfoProto()
    info.name = name
    info.type.tensorType.elemType = Int32(type.rawValue)
    info.type.tensorType.shape.dim = shape.map { size in
      var dim = ONNXTensorShapeProto.Dimension()
      if size < 0 { dim.dimParam = "N" } else { dim.dimValue = Int64(size) }
      return dim
    }
    return info
  }

  mutating func output(_ name: String, shape: [Int] = []) {
    graph.output.append(valueInfo(name, .float, shape))
  }

  mutating func inputType(_ type: ONNXTensorProto.DataType) {
    graph.input[0].type.tensorType.elemType = Int32(type.rawValue)
  }

  // MARK: Constants

  mutating func constant(_ name: String, _ dims: [Int], int8 values: [Int8]) {
    constant(name, dims, .int8, values.map { UInt8(bitPattern: $0) })
  }

  mutating func constant(_ name: String, _ dims: [Int], int32 values: [Int32]) {
    constant(name, dims, .int32, littleEndianBytes(values))
  }

  mutating func constant(_ name: String, _ dims: [Int], int64 values: [Int64]) {
    constant(name, dims, .int64, littleEndianBytes(values))
  }

  mutating func constant(_ name: String, _ dims: [Int], float values: [Float]) {
    constant(name, dims, .float, littleEndianBytes(values))
  }

  mutating func constant(_ name: String, _ dims: [Int], _ type: ONNXTensorProto.DataType, _ bytes: [UInt8]) {
    var tensor = ONNXTensorProto()
    tensor.name = name
    tensor.dims = dims.map { Int64($0) }
    tensor.dataType = Int32(type.rawValue)
    tensor.rawData = Data(bytes)
    graph.initializer.append(tensor)
  }

  // MARK: Nodes

  mutating func node(
    _ op: String, _ inputs: [String], _ output: String, name: String? = nil,
    _ attributes: [ONNXAttributeProto] = []
  ) {
    var node = ONNXNodeProto()
    node.opType = op
    node.name = name ?? output
    node.input = inputs
    node.output = [output]
    node.attribute = attributes
    graph.node.append(node)
  }

  /// QuantizeLinear `x` → `name` and DequantizeLinear `name` → `name_f`.
  mutating func quantize(
    _ x: String, _ name: String, scale: Float, zero: Int, type: ONNXTensorProto.DataType = .int8
  ) {
    constant("\(name)_scale", [], float: [scale])
    constant("\(name)_zero", [], type, [UInt8(truncatingIfNeeded: zero)])
    node("QuantizeLinear", [x, "\(name)_scale", "\(name)_zero"], name, name: "\(name)_q")
    node("DequantizeLinear", [name, "\(name)_scale", "\(name)_zero"], "\(name)_f", name: "\(name)_dq")
  }

  /// An int8 initializer `name` with one scale per index of `axis`, behind a DequantizeLinear → `name_f`.
  mutating func weight(
    _ name: String, _ dims: [Int], _ values: [Int8], scales: [Float], zeros: [Int8]? = nil, axis: Int = 0
  ) {
    constant(name, dims, int8: values)
    constant("\(name)_scale", [scales.count], float: scales)
    constant("\(name)_zero", [scales.count], int8: zeros ?? scales.map { _ in 0 })
    node(
      "DequantizeLinear", [name, "\(name)_scale", "\(name)_zero"], "\(name)_f", name: "\(name)_dq",
      [attribute("axis", axis)])
  }

  /// An int32 initializer `name` behind a DequantizeLinear → `name_f`.
  mutating func bias(_ name: String, _ values: [Int32], scales: [Float]) {
    constant(name, [values.count], int32: values)
    constant("\(name)_scale", [scales.count], float: scales)
    node(
      "DequantizeLinear", [name, "\(name)_scale"], "\(name)_f", name: "\(name)_dq", [attribute("axis", 0)])
  }

  // MARK: The file

  var proto: ONNXModelProto {
    var model = ONNXModelProto()
    model.irVersion = 8
    var operators = ONNXOperatorSetIdProto()
    operators.version = 13
    model.opsetImport = [operators]
    model.graph = graph
    return model
  }

  func bytes() throws -> [UInt8] { try encodeONNX(proto) }
}

func attribute(_ name: String, _ value: Int) -> ONNXAttributeProto {
  var attribute = ONNXAttributeProto()
  attribute.name = name
  attribute.type = .int
  attribute.i = Int64(value)
  return attribute
}

func attribute(_ name: String, _ values: [Int]) -> ONNXAttributeProto {
  var attribute = ONNXAttributeProto()
  attribute.name = name
  attribute.type = .ints
  attribute.ints = values.map { Int64($0) }
  return attribute
}

func attribute(_ name: String, _ value: Float) -> ONNXAttributeProto {
  var attribute = ONNXAttributeProto()
  attribute.name = name
  attribute.type = .float
  attribute.f = value
  return attribute
}

func attribute(_ name: String, _ values: [Float]) -> ONNXAttributeProto {
  var attribute = ONNXAttributeProto()
  attribute.name = name
  attribute.type = .floats
  attribute.floats = values
  return attribute
}

func attribute(_ name: String, _ value: ONNXTensorProto) -> ONNXAttributeProto {
  var attribute = ONNXAttributeProto()
  attribute.name = name
  attribute.type = .tensor
  attribute.t = value
  return attribute
}

func attribute(_ name: String, _ value: String) -> ONNXAttributeProto {
  var attribute = ONNXAttributeProto()
  attribute.name = name
  attribute.type = .string
  attribute.s = Data(value.utf8)
  return attribute
}

/// The model that most tests start from: 1×2×4×4 → quantize → 3×3 convolution with 3 outputs (`conv`, real
/// result `conv_real`), nothing behind it.
func convolutionModel(inputScale: Float = 0.5, bias: Bool = true) -> ONNXModelBuilder {
  var model = ONNXModelBuilder(shape: [1, 2, 4, 4])
  model.quantize("image", "x", scale: inputScale, zero: 3)
  let scales: [Float] = [0.25, 0.5, 0.125]
  model.weight("w", [3, 2, 3, 3], (0..<54).map { Int8($0 - 20) }, scales: scales)
  if bias { model.bias("b", [100, -200, 300], scales: scales.map { $0 * inputScale }) }
  model.node(
    "Conv", bias ? ["x_f", "w_f", "b_f"] : ["x_f", "w_f"], "conv_real", name: "conv",
    [attribute("pads", [1, 0, 1, 2]), attribute("strides", [2, 1])])
  return model
}
