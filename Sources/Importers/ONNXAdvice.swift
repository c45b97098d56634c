/// What to do about problems of one kind; `nil` where the message itself says it.
func onnxAdvice(for kind: ImportProblem.Kind, model: String) -> String? {
  switch kind {
  case .unreadable:
    "copy or download the file again, then check it: "
      + "python3 -c \"import onnx; onnx.checker.check_model('\(model)')\""
  case .structure:
    "the file contradicts itself: "
      + "python3 -c \"import onnx; onnx.checker.check_model('\(model)', full_check=True)\""
  case .quantization:
    "quantize the model again; a scale must be positive and finite, and there must be one per tensor"
      + " or one per output channel"
  case .shape:
    "export with fixed shapes and batch 1 (torch.onnx.export without dynamic_axes), or fold them: "
      + "python3 -m onnxsim '\(model)' fixed.onnx"
  case .unsupported:
    "supported operators: \(ONNXTranslation.supportedOperators.joined(separator: ", "))"
  case .notQuantized:
    "quantize it first: onnxruntime.quantization.quantize_static('\(model)', 'int8.onnx', reader,"
      + " quant_format=QuantFormat.QDQ, activation_type=QuantType.QInt8, weight_type=QuantType.QInt8,"
      + " per_channel=True)"
  case .consequence: nil
  }
}
