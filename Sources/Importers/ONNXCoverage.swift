extension ONNXModel {
  /// One problem for each node whose operator the importer does not know.
  func unsupportedOperators() -> [ImportProblem] {
    nodes.filter { ONNXTranslation.translators[$0.op] == nil }.map {
      ImportProblem(.unsupported, "operator \($0.op) is not supported", layer: $0.name, op: $0.op)
    }
  }

  /// Whether the file is a float32 network of dense layers, which needs no quantization.
  var isFloatNetwork: Bool {
    input?.type == ONNXTensorProto.DataType.float.rawValue && !isQuantized && floatLayersThatCannotRun.isEmpty
      && nodes.contains { ["Gemm", "MatMul"].contains($0.op) }
  }

  private var isQuantized: Bool {
    nodes.contains { ["QuantizeLinear", "DequantizeLinear"].contains($0.op) }
  }

  private var floatLayersThatCannotRun: [ONNXNode] {
    let running: Set = [
      "Gemm", "MatMul", "Add", "Relu", "Flatten", "Reshape", "Squeeze", "Unsqueeze", "Softmax", "LogSoftmax",
    ]
    return nodes.filter { !running.contains($0.op) }
  }

  /// A problem where the file is a plain float32 model with more than dense layers in it.
  func missingQuantization() -> ImportProblem? {
    guard !isQuantized, !isFloatNetwork else { return nil }
    let isOperatorForm = nodes.contains { $0.op.contains("QLinear") || $0.op.hasSuffix("Integer") }
    let form =
      isOperatorForm
      ? "the file is quantized in operator form (QLinearConv, ConvInteger, …)" : "the file is a float32 model"
    return ImportProblem(
      .notQuantized,
      "\(form): none of its \(nodes.count) nodes (\(operatorSummary.joined(separator: ", "))) is a"
        + " QuantizeLinear or DequantizeLinear\(isOperatorForm ? "" : floatLimit)")
  }

  /// Which layers keep a float32 file from being imported as it is.
  private var floatLimit: String {
    let layers = floatLayersThatCannotRun
    guard !layers.isEmpty else { return "" }
    let named = layers.prefix(5).map { "'\($0.name)' (\($0.op))" }.joined(separator: ", ")
    let rest = layers.count > 5 ? " and \(layers.count - 5) more" : ""
    return "; float32 runs dense layers with Relu alone, and it has \(named)\(rest)"
  }
}
