import Importers

/// Reads a model file by its kind: tiny-training's pickles by their suffix, anything else as ONNX.
/// - Throws: `ImportError`
package func importModel(path: String) throws(ImportError) -> ImportedModel {
  path.hasSuffix(".pkl") ? try importTinyTraining(path: path) : try importONNX(path: path)
}
