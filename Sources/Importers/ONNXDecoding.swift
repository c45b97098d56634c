import SwiftProtobuf

/// The protocol buffer message in the bytes of an ONNX file.
/// - Throws: `ImportProblem` (`unreadable`) for an empty, truncated or foreign file.
package func decodeONNX(_ bytes: [UInt8]) throws(ImportProblem) -> ONNXModelProto {
  guard !bytes.isEmpty else { throw ImportProblem(.unreadable, "the file is empty") }
  let model: ONNXModelProto
  do {
    model = try ONNXModelProto(serializedBytes: bytes)
  } catch BinaryDecodingError.truncated {
    throw ImportProblem(.unreadable, "the file ends in the middle of a field after \(bytes.count) bytes")
  } catch {
    throw ImportProblem(.unreadable, "the \(bytes.count) bytes are no ONNX model (\(error))")
  }
  guard model.hasGraph, !model.graph.node.isEmpty else {
    throw ImportProblem(.unreadable, "the \(bytes.count) bytes hold no ONNX graph with nodes")
  }
  return model
}

/// The bytes of an ONNX file.
package func encodeONNX(_ model: ONNXModelProto) throws -> [UInt8] { try model.serializedBytes() }
