/// What the compiler refuses, in words for the person who asked.
public enum CompilerError: Error, Equatable, CustomStringConvertible {
  case unknownScheme(String, layers: Int, known: [String])
  case noSuchLayers([Int], layers: Int)
  case noSuchChannels(layer: String, channels: [Int], count: Int)
  case noBias(layers: [String])
  case floatInPart(layers: [String])
  case sharedParameter(String)
  case noOutput(String)
  case noClassifier(String)
  case classCount(model: Int, asked: Int)
  case noLoss(output: String, element: String)
  case unknownPass(String, known: [String])
  case exactRoundingOnDevice(board: String)
  case scheduleTooShort(steps: Int, warmUp: Int)
  case nothingToReplay(update: String)

  public var description: String {
    switch self {
    case .unknownScheme(let name, let layers, let known):
      "no update scheme is called '\(name)' for a network of \(layers) layers; "
        + "there are \(known.joined(separator: ", "))"
    case .noSuchLayers(let indices, let layers):
      "the update scheme names layers \(indices.map(String.init).joined(separator: ", ")), "
        + "the network has 0 to \(layers - 1)"
    case .noSuchChannels(let layer, let channels, let count):
      "the update scheme names channels \(channels.map(String.init).joined(separator: ", ")) of layer "
        + "'\(layer)', which has 0 to \(count - 1)"
    case .noBias(let layers):
      "the update scheme asks for the biases of layers that have none: \(layers.joined(separator: ", "))"
    case .floatInPart(let layers):
      "the update scheme asks for a part of the weights of float32 layers, which learn whole: "
        + "\(layers.joined(separator: ", ")); write 1.0"
    case .sharedParameter(let name): "parameter '\(name)' is used by more than one layer and cannot learn"
    case .noOutput(let model): "model '\(model)' has no output"
    case .noClassifier(let model):
      "model '\(model)' ends in no layer with weights that a new head could take the place of"
    case .classCount(let model, let asked):
      "the model tells \(model) classes apart, the project names \(asked); give `classes: \(asked)` a new head with "
        + "--classes \(asked)"
    case .noLoss(let output, let element):
      "the output '\(output)' is \(element); a loss needs float32 (a model ends in DequantizeLinear, or gets a "
        + "head with --classes N)"
    case .unknownPass(let name, let known):
      "no pass is called '\(name)'; there are \(known.joined(separator: ", "))"
    case .exactRoundingOnDevice(let board):
      "rounding 'exact' runs on the host only, not on '\(board)'; use tflite or single"
    case .scheduleTooShort(let steps, let warmUp):
      "the schedule ends after \(steps) steps, no later than its warm-up of \(warmUp); write 'steps: N' with more, "
        + "or a shorter 'warm_up'"
    case .nothingToReplay(let update):
      "'replay' keeps what samples leave behind the layers that never learn, and with update '\(update)' the first "
        + "layer learns already; choose an update of later layers, such as --update head, or leave 'replay' out"
    }
  }
}
