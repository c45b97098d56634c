import Graph

/// What a training step minimises.
public enum Loss: String, Sendable, Codable, CaseIterable {
  /// Softmax cross-entropy against a class.
  case softmaxCrossEntropy = "softmax-cross-entropy"
  /// Mean squared error against a vector.
  case meanSquaredError = "mean-squared-error"
}

/// Names of the tensors through which the application and the program speak.
public enum ControlTensor {
  public static let label = "label"
  public static let target = "target"
  public static let loss = "loss"
  public static let prediction = "prediction"
  public static let learningRate = "learning_rate"
  /// The incoming gradient of the network's output, where the caller seeds it.
  public static let seed = "seed"
}

/// Adds the prediction and the loss behind the network's output.
func attachLoss(_ graph: Graph, _ loss: Loss) throws -> Graph {
  var graph = graph
  guard let output = graph.outputs.first else { throw CompilerError.noOutput(graph.name) }
  let logits = try graph.tensor(output)
  guard logits.element == .float32 else {
    throw CompilerError.noLoss(output: output, element: logits.element.rawValue)
  }
  let batch = logits.shape[0]
  try graph.define(Tensor(ControlTensor.prediction, .int32, [batch], role: .control))
  graph.nodes.append(
    Node("argmax", "argmax", inputs: [output], outputs: [ControlTensor.prediction], layer: "prediction"))
  try graph.define(Tensor(ControlTensor.loss, .float32, [1], role: .control))
  let answer: String
  let op: String
  switch loss {
  case .softmaxCrossEntropy:
    (answer, op) = (ControlTensor.label, "softmax_cross_entropy")
    try graph.define(Tensor(answer, .int32, [batch], role: .control))
  case .meanSquaredError:
    (answer, op) = (ControlTensor.target, "mean_squared_error")
    try graph.define(Tensor(answer, .float32, logits.shape, role: .control))
  }
  graph.nodes.append(
    Node("loss", op, inputs: [output, answer], outputs: [ControlTensor.loss], phase: .loss))
  graph.outputs = [output, ControlTensor.prediction, ControlTensor.loss]
  return graph
}
