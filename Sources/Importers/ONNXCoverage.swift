extension ONNXModel {
  /// One problem for each node whose operator the importer does not know.
  func unsupportedOperators() -> [ImportProblem] {
    nodes.filter { ONNXTranslation.translators[$0.op] == nil }.map {
      ImportProblem(.unsupported, "operator \($0.op) is not supported", layer: $0.name, op: $0.op)
    }
  }

  /// A problem where the file is a plain float32 model.
  func missingQuantization() -> ImportProblem? {
    let quantizing: Set = ["QuantizeLinear", "DequantizeLinear"]
    guard !nodes.contains(where: { quantizing.contains($0.op) }) else { return nil }
    let isOperatorForm = nodes.contains { $0.op.contains("QLinear") || $0.op.hasSuffix("Integer") }
    let form =
      isOperatorForm
      ? "the file is quantized in operator form (QLinearConv, ConvInteger, …)" : "the file is a float32 model"
    return ImportProblem(
      .notQuantized,
      "\(form): none of its \(nodes.count) nodes (\(operatorSummary.joined(separator: ", "))) is a"
        + " QuantizeLinear or DequantizeLinear")
  }
}
