import Compiler
import Foundation
import Graph
import ImageBuild
import Importers
import Training

/// What an export wrote.
package struct ExportedModel: Sendable, Equatable, Codable {
  package var model: String
  package var output: String
  package var bytes: Int
  /// The model's own weights and biases that differ from the original's.
  package var changedTensors: Int
  package var hasNewHead: Bool
  /// Training steps behind them.
  package var steps: Int

  package var text: String {
    "\(output): \(grouped(bytes)) bytes; '\(model)' with \(changedTensors) changed tensors"
      + (hasNewHead ? " and a new head" : "") + ", as learned in \(steps) steps"
  }
}

/// Merges a trained state into the project's model and writes it as ONNX.
/// - Throws: `NotExportable` for a model in another form; `TrainedStateError` for a state that is damaged or of another model;
///   `FileError`; what importing, compiling and exporting throw.
package func exportModel(_ workspace: Workspace, state path: String, to output: String) async throws
  -> ExportedModel
{
  let state = try TrainedState(contentsOf: path)
  let modelPath = workspace.path(workspace.project.model)
  if modelPath.hasSuffix(".pkl") { throw NotExportable(model: modelPath) }
  let model = try importModel(path: modelPath).graph
  let plan = try await planOnHost(workspace, model, state.description.options)
  try state.check(fits: plan, path: path)
  let merged = try mergeState(state.bytes, of: plan, into: model)
  let learned = learnedTensors(merged, model)
  let head =
    plan.options.classes == nil
    ? nil : try trainedHead(of: merged, classes: workspace.project.classes?.names ?? [])
  let original = try contents(of: modelPath)
  let file = try exportONNX(original: Array(original), trained: learned, head: head)
  try AtomicFile.write(Data(file), to: output)
  return ExportedModel(
    model: model.name, output: output, bytes: file.count, changedTensors: learned.count,
    hasNewHead: head != nil,
    steps: state.description.steps)
}

/// The content of the model's own constants that has changed.
private func learnedTensors(_ merged: Graph, _ model: Graph) -> [String: [UInt8]] {
  var learned: [String: [UInt8]] = [:]
  for tensor in merged.tensors(role: .constant) {
    guard let data = tensor.data, let own = try? model.tensor(tensor.name), own.data != data else { continue }
    learned[tensor.name] = data
  }
  return learned
}

/// The fresh head, which the model's file does not have.
private func trainedHead(of graph: Graph, classes: [String]) throws -> TrainedHead {
  let producers = graph.producers
  guard let position = graph.outputs.first.flatMap({ producers[$0] }) else {
    throw CompilerError.noClassifier(graph.name)
  }
  let head = graph.nodes[position]
  // The head reads the dequantized features; the file has the quantized ones.
  let dequantize = producers[head.inputs[0]].map { graph.nodes[$0] }
  let features = dequantize?.op == "dequantize" ? dequantize?.inputs[0] : head.inputs[0]
  return TrainedHead(
    weights: try graph.tensor(head.inputs[1]).float32Data, bias: try graph.tensor(head.inputs[2]).float32Data,
    features: features ?? head.inputs[0], classNames: classes)
}

/// The plan that a state was trained with.
private func planOnHost(_ workspace: Workspace, _ model: Graph, _ options: CompileOptions) async throws
  -> Plan
{
  let host = try workspace.surroundings.boards.board(named: "host")
  let root = workspace.surroundings.root
  let backends = try kernelBackends(for: host, exact: options.rounding == .exact, root: root)
  let kernels = try await KernelAnswers(
    backends: backends, root: root, cache: workspace.surroundings.cacheFolder)
  return try compile(model, options, for: host, ask: kernels.answer, pack: kernels.pack)
}

/// A project whose model is no ONNX file, into which a state could be written.
package struct NotExportable: Error, Equatable, CustomStringConvertible {
  package var model: String

  package var description: String {
    "'\(model)' is no ONNX model, so there is no file to write the learned weights into; give the project its ONNX form"
  }
}
