/// What a training device refuses before it does anything, or cannot accept as a result.
public enum TrainingDeviceError: Error, Equatable, CustomStringConvertible {
  case wrongInputSize(expected: Int, actual: Int)
  case labelOutOfRange(label: Int, classes: Int)
  case rateNotFinite(Float)
  case wrongStateSize(expected: Int, actual: Int)
  case wrongReplaySize(expected: Int, actual: Int)
  /// `sample` is its position in the call.
  case lossNotFinite(Float, rate: Float, sample: Int)

  public var description: String {
    switch self {
    case .wrongInputSize(let expected, let actual):
      "a sample has \(actual) values, the model takes \(expected); check the preprocessing in tinysdk.yml"
    case .labelOutOfRange(let label, let classes):
      "label \(label) is out of range: the model has \(classes) classes, 0 to \(classes - 1); "
        + "check the data or build with --classes \(max(label, 0) + 1)"
    case .rateNotFinite(let rate):
      "the learning rate is \(rate); give a finite number"
    case .wrongStateSize(let expected, let actual):
      "the trained state has \(actual) bytes, this model's has \(expected); "
        + "it was saved from another model or update scheme"
    case .wrongReplaySize(let expected, let actual):
      "the kept samples take \(actual) bytes, this model's take \(expected); they were saved with another 'replay'"
    case .lossNotFinite(let loss, let rate, _):
      "the loss became \(loss) at learning rate \(rate); start again with a smaller rate"
    }
  }
}
