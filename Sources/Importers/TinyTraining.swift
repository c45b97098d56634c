import Foundation
import Graph

/// Reads an int8 network from the original files of "On-Device Training Under 256KB Memory" (`*.pkl`): a
/// zip archive with a pickle of plain numpy arrays. Nothing in it is executed; see `PickleReader`.
///
/// The graph is that of the same network in ONNX, but for the scales: the pickle holds doubles, ONNX
/// float32. Paddings are (kernel − 1) / 2; ReLU6 is the range of the int8 output.
///
/// - Throws: `ImportError` with the first thing that is damaged, not allowed or not supported.
public func importTinyTraining(
  _ bytes: [UInt8], name: String = "model.pkl"
) throws(ImportError) -> ImportedModel {
  do throws(ImportProblem) {
    var reader = PickleReader(try storedZipEntry(endingIn: "data.pkl", of: bytes))
    let modelName = name.hasSuffix(".pkl") ? String(name.dropLast(4)) : name
    var network = TinyTrainingNetwork(try reader.read(), name: modelName)
    try network.build()
    if let problem = shapeProblem(in: network.graph) { throw problem }
    return ImportedModel(graph: network.graph, notes: arithmeticNotes(on: network.graph))
  } catch {
    throw ImportError(
      model: name, problems: [error],
      advice: [
        "only the published pickles of tiny-training are read; export other models as ONNX in QDQ form"
      ])
  }
}

/// Reads the file at `path`; see `importTinyTraining(_:name:)`.
public func importTinyTraining(path: String) throws(ImportError) -> ImportedModel {
  try importTinyTraining(try fileContent(path), name: URL(fileURLWithPath: path).lastPathComponent)
}
