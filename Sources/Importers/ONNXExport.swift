import Foundation
import Graph

/// Writes trained weights back into the ONNX file that they came from.
///
/// Everything that is not trained stays as it is in the file, down to fields that the importer does not know.
///
/// - Parameters:
///   - original: the whole file that was imported.
///   - trained: new content by the names of the imported graph's constants: all bytes of the tensor,
///   little-endian, in the
///     graph's layout (int8 weights, int32 biases, float32 matrices).
///   - head: a new classifier. Everything behind its features is replaced by
///     DequantizeLinear → Flatten → Gemm (float32) with the output `logits` `[1, outputs]`.
/// - Returns: the bytes of the new file; `importONNX` reads them.
/// - Throws: `ImportError` where the original cannot be imported, `ExportError` with all that does not fit
///   it.
public func exportONNX(
  original: [UInt8], trained: [String: [UInt8]], head: TrainedHead? = nil
) throws -> [UInt8] {
  let imported = try translateONNX(original, name: "the original model")
  var proto = imported.proto
  var problems: [String] = []
  for (name, bytes) in trained.sorted(by: { $0.key < $1.key }) {
    guard let tensor = try? imported.model.graph.tensor(name), tensor.role == .constant else {
      problems.append("'\(name)' is no constant of the original model")
      continue
    }
    guard bytes.count == tensor.byteCount else {
      problems.append("'\(name)' \(tensor.shape) takes \(tensor.byteCount) bytes, \(bytes.count) are given")
      continue
    }
    let stored = imported.transposed.contains(name) ? transposedBytes(bytes, of: tensor) : bytes
    proto.graph.replaceContent(of: name, with: stored)
  }
  if let head {
    problems += headProblems(head, imported.model.graph)
    if problems.isEmpty { problems += proto.replaceHead(with: head) }
  }
  guard problems.isEmpty else { throw ExportError(problems: problems) }
  return try encodeONNX(proto)
}

/// The content of a matrix `[rows, columns]` with its axes exchanged.
private func transposedBytes(_ bytes: [UInt8], of tensor: Tensor) -> [UInt8] {
  switch tensor.element {
  case .float32:
    let values: [UInt32] = integers(of: bytes)
    return littleEndianBytes(transposedMatrix(values, rows: tensor.shape[0], columns: tensor.shape[1]))
  default: return transposedMatrix(bytes, rows: tensor.shape[0], columns: tensor.shape[1])
  }
}

private func headProblems(_ head: TrainedHead, _ graph: Graph) -> [String] {
  guard let features = try? graph.tensor(head.features), [.int8, .float32].contains(features.element) else {
    return ["the head's features '\(head.features)' are no activation of the original model"]
  }
  var problems: [String] = []
  if head.bias.isEmpty || head.weights.count != head.bias.count * features.count {
    problems.append(
      "the head has \(head.weights.count) weights and \(head.bias.count) biases; '\(head.features)' has"
        + " \(features.count) elements, so that \(head.bias.count) × \(features.count) weights are expected")
  }
  if !head.classNames.isEmpty, head.classNames.count != head.bias.count {
    problems.append("the head has \(head.bias.count) outputs, \(head.classNames.count) class names are given")
  }
  if !(head.weights + head.bias).allSatisfy(\.isFinite) {
    problems.append("the head's weights or biases hold a NaN or an infinity")
  }
  return problems
}

extension ONNXGraphProto {
  /// Gives the initializer or `Constant` called `name` new content: int8 bytes also where the file says
  /// uint8.
  fileprivate mutating func replaceContent(of name: String, with bytes: [UInt8]) {
    for position in initializer.indices where initializer[position].name == name {
      initializer[position].setContent(bytes)
    }
    for position in node.indices where node[position].opType == "Constant" && node[position].output == [name]
    {
      node[position].replaceConstantValue(with: bytes)
    }
  }
}

extension ONNXNodeProto {
  /// Gives a `Constant` new content. One that lists its numbers in an attribute (`value_floats`) holds them as
  /// a tensor from then on.
  fileprivate mutating func replaceConstantValue(with bytes: [UInt8]) {
    guard var tensor = constantValue else { return }
    tensor.setContent(bytes)
    if attribute[0].hasT {
      attribute[0].t = tensor
      return
    }
    var value = ONNXAttributeProto()
    value.name = "value"
    value.type = .tensor
    value.t = tensor
    attribute = [value]
  }
}

extension ONNXTensorProto {
  fileprivate mutating func setContent(_ bytes: [UInt8]) {
    let isUnsigned = dataType == Int32(DataType.uint8.rawValue)
    floatData = []
    int32Data = []
    rawData = Data(isUnsigned ? bytes.map { $0 ^ 0x80 } : bytes)
  }
}
