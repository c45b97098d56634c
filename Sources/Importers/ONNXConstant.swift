import Foundation
import Graph

/// The largest number of elements of one tensor, and the largest dimension.
let onnxElementLimit = Int(Int32.max)

/// An initializer of the file, or the value of a `Constant` node.
struct ONNXConstant {
  var name: String
  var dims: [Int]
  var proto: ONNXTensorProto

  /// - Throws: `ImportProblem` for negative or huge dimensions and for data outside of the file.
  init(_ proto: ONNXTensorProto, name: String) throws(ImportProblem) {
    self.name = name
    self.proto = proto
    dims = proto.dims.map { Int($0) }
    guard proto.dataLocation != .external else {
      throw ImportProblem(
        .unsupported, "tensor '\(name)' keeps its data in another file; save the model in one file")
    }
    guard elementCount(dims) != nil else {
      throw ImportProblem(.shape, "tensor '\(name)' has the impossible shape \(dims)")
    }
  }

  var type: ONNXTensorProto.DataType? { ONNXTensorProto.DataType(rawValue: Int(proto.dataType)) }
  var count: Int { elementCount(dims) ?? 0 }

  /// The type's name as ONNX writes it, in lower case.
  var typeName: String { onnxTypeName(Int(proto.dataType)) }

  /// The elements of an int8, uint8, int32 or int64 tensor.
  func integerValues() throws(ImportProblem) -> [Int] {
    switch type {
    case .int8: try elements(Int8.self, typed: proto.int32Data)
    case .uint8: try elements(UInt8.self, typed: proto.int32Data)
    case .int32: try elements(Int32.self, typed: proto.int32Data)
    case .int64: try elements(Int64.self, typed: proto.int64Data)
    default:
      throw ImportProblem(
        .unsupported, "tensor '\(name)' is \(typeName); int8, uint8 and int32 are supported")
    }
  }

  /// The elements of a float32 tensor.
  func floatValues() throws(ImportProblem) -> [Float] {
    guard type == .float else {
      throw ImportProblem(.unsupported, "tensor '\(name)' is \(typeName), float is expected")
    }
    guard proto.hasRawData else {
      try checkCount(proto.floatData.count)
      return proto.floatData
    }
    let patterns: [UInt32] = try rawElements()
    return patterns.map { Float(bitPattern: $0) }
  }

  private func elements<T: FixedWidthInteger>(
    _: T.Type, typed: [some FixedWidthInteger]
  ) throws(ImportProblem) -> [Int] {
    if proto.hasRawData {
      let raw: [T] = try rawElements()
      return raw.map { Int($0) }
    }
    try checkCount(typed.count)
    for value in typed where T(exactly: value) == nil {
      throw ImportProblem(.structure, "tensor '\(name)' is \(typeName) and holds \(value)")
    }
    return typed.map { Int($0) }
  }

  private func rawElements<T: FixedWidthInteger>() throws(ImportProblem) -> [T] {
    let size = MemoryLayout<T>.size
    guard proto.rawData.count == count * size else {
      throw ImportProblem(
        .structure,
        "tensor '\(name)' holds \(proto.rawData.count) bytes, its shape \(dims) of \(typeName) needs \(count * size)"
      )
    }
    return integers(of: [UInt8](proto.rawData))
  }

  private func checkCount(_ found: Int) throws(ImportProblem) {
    guard found == count else {
      throw ImportProblem(
        .structure, "tensor '\(name)' holds \(found) elements, its shape \(dims) needs \(count)")
    }
  }
}

extension ONNXNodeProto {
  /// The value of a `Constant` node, whichever attribute holds it; `nil` for kinds that no layer takes.
  var constantValue: ONNXTensorProto? {
    guard let attribute = attribute.first else { return nil }
    if attribute.hasT { return attribute.t }
    var tensor = ONNXTensorProto()
    switch attribute.name {
    case "value_float", "value_floats":
      tensor.dataType = Int32(ONNXTensorProto.DataType.float.rawValue)
      tensor.floatData = attribute.hasF ? [attribute.f] : attribute.floats
      tensor.dims = attribute.hasF ? [] : [Int64(attribute.floats.count)]
    case "value_int", "value_ints":
      tensor.dataType = Int32(ONNXTensorProto.DataType.int64.rawValue)
      tensor.int64Data = attribute.hasI ? [attribute.i] : attribute.ints
      tensor.dims = attribute.hasI ? [] : [Int64(attribute.ints.count)]
    default: return nil
    }
    return tensor
  }
}

/// The product of dimensions; `nil` where one is negative or the product is beyond the limit.
func elementCount(_ dims: [Int]) -> Int? {
  var count = 1
  for dim in dims {
    guard dim >= 0 else { return nil }
    let (product, overflow) = count.multipliedReportingOverflow(by: dim)
    guard !overflow, product <= onnxElementLimit else { return nil }
    count = product
  }
  return count
}

/// The name of an ONNX element type.
func onnxTypeName(_ number: Int) -> String {
  guard let type = ONNXTensorProto.DataType(rawValue: number) else { return "of type \(number)" }
  return "\(type)"
}
