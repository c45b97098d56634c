import Foundation
import Graph

/// Reads an int8 network from an ONNX file in QDQ form (every operator between `DequantizeLinear` and
/// `QuantizeLinear`), or a float32 network of dense layers.
///
/// Activations and weights are int8 (uint8 is shifted by 128), biases int32; float32 dense layers with Relu
/// behind the last `DequantizeLinear` are allowed, and a file without any quantization may hold nothing else.
/// The `QuantizeLinear` at the input disappears, so that the graph's input is int8; Relu and Clip become the
/// clamp of the layer before them. No name and no shape is known in advance. Source: ONNX operator
/// specification, opset 10 and up.
///
/// - Parameters:
///   - bytes: the whole file.
///   - name: the file's name, for errors and as a name of the graph where the file has none.
/// - Throws: `ImportError` with all problems found.
public func importONNX(_ bytes: [UInt8], name: String = "model.onnx") throws(ImportError) -> ImportedModel {
  try translateONNX(bytes, name: name).model
}

/// Reads the ONNX file at `path`; see `importONNX(_:name:)`.
public func importONNX(path: String) throws(ImportError) -> ImportedModel {
  try importONNX(try fileContent(path), name: URL(fileURLWithPath: path).lastPathComponent)
}

/// The import, together with what an export needs to know of it.
struct ONNXImport {
  var model: ImportedModel
  var proto: ONNXModelProto
  /// Dense weights that the file holds as `[I, O]` and the graph as `[O, I]`.
  var transposed: Set<String>
}

func translateONNX(_ bytes: [UInt8], name: String) throws(ImportError) -> ONNXImport {
  var problems: [ImportProblem] = []
  let proto: ONNXModelProto
  do {
    proto = try decodeONNX(bytes)
  } catch {
    throw importError([error], name: name, operators: [])
  }
  let model = ONNXModel(proto, problems: &problems)
  problems += model.unsupportedOperators()
  if let problem = model.missingQuantization() {
    problems.append(problem)
    throw importError(problems, name: name, operators: model.operatorSummary)
  }
  var translation = ONNXTranslation(model, graphName: proto.graph.name.isEmpty ? name : proto.graph.name)
  translation.run()
  problems += translation.problems
  if problems.isEmpty, let problem = shapeProblem(in: translation.graph) { problems.append(problem) }
  guard problems.isEmpty else {
    throw importError(problems, name: name, operators: model.operatorSummary)
  }
  let imported = ImportedModel(
    graph: translation.graph, notes: translation.notes + arithmeticNotes(on: translation.graph))
  return ONNXImport(model: imported, proto: proto, transposed: translation.transposed)
}

/// One error out of all problems, with the advice that fits their kinds.
private func importError(_ problems: [ImportProblem], name: String, operators: [String]) -> ImportError {
  var advice: [String] = []
  for kind in ImportProblem.Kind.allCases where problems.contains(where: { $0.kind == kind }) {
    if let text = onnxAdvice(for: kind, model: name) { advice.append(text) }
  }
  if !operators.isEmpty { advice.append("operators in this file: \(operators.joined(separator: ", "))") }
  return ImportError(model: name, problems: problems, advice: advice)
}
