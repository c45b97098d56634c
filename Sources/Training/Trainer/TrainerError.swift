/// Why a run cannot start or go on.
public enum TrainerError: Error, Equatable, CustomStringConvertible {
  /// There are no samples of this part.
  case noSamples(part: String)
  /// The loss was not a number, or infinite, at a step counted from 1.
  case lossNotFinite(Float, step: Int, sample: String, rate: Float)
  /// The image does not fit the data.
  case wrongAnswerCount(expected: Int, actual: Int)
  /// The device counted other answers than it gave.
  case countsDiffer(device: Int, host: Int)

  public var description: String {
    switch self {
    case .noSamples(let part):
      "there are no samples \(part); name a folder or file with samples as --data"
    case .lossNotFinite(let loss, let step, let sample, let rate):
      "the loss became \(loss) at step \(step) (\(sample)) with learning rate \(rate); "
        + "start again with a smaller --rate"
    case .wrongAnswerCount(let expected, let actual):
      "the device answered \(actual) of \(expected) samples; run `tinysdk build` again"
    case .countsDiffer(let device, let host):
      "the device's confusion matrix (\(device) samples) is not that of its \(host) answers; the application must "
        + "pass what model_infer() returned to tinysdk_report_prediction()"
    }
  }
}
