/// For which classes a model takes samples of each class.
public struct Evaluation: Sendable, Equatable, Codable {
  public let classes: Int
  /// How many samples of a class were taken for which, `[label * classes + prediction]`.
  public private(set) var confusion: [Int]

  public init(classes: Int) {
    self.classes = classes
    confusion = [Int](repeating: 0, count: classes * classes)
  }

  /// - Returns: nil where `confusion` has not `classes * classes` counts.
  public init?(confusion: [Int], classes: Int) {
    guard confusion.count == classes * classes else { return nil }
    self.classes = classes
    self.confusion = confusion
  }

  /// Samples of each class.
  public var total: [Int] { (0..<classes).map { row($0).reduce(0, +) } }
  /// Of those, classified right.
  public var correct: [Int] { (0..<classes).map { confusion[$0 * classes + $0] } }
  /// A row for each label: how many of its samples were taken for each class.
  public var rows: [[Int]] { (0..<classes).map { Array(row($0)) } }

  private func row(_ label: Int) -> ArraySlice<Int> { confusion[label * classes..<(label + 1) * classes] }

  /// How many samples have been classified.
  public var count: Int { confusion.reduce(0, +) }

  /// The share classified right, 0 ... 1; 0 without samples.
  public var accuracy: Double { share(of: 0..<classes) }

  /// The share classified right of the samples of some classes; 0 without samples.
  public func share(of classes: some Sequence<Int>) -> Double {
    let (total, correct) = (total, correct)
    let (right, all) = classes.reduce((0, 0)) { ($0.0 + correct[$1], $0.1 + total[$1]) }
    return all == 0 ? 0 : Double(right) / Double(all)
  }

  mutating func add(label: Int, prediction: Int) {
    guard (0..<classes).contains(label), (0..<classes).contains(prediction) else { return }
    confusion[label * classes + prediction] += 1
  }
}

/// Classifies every sample; a model that counts its evaluation is asked for its own counts. The trainable state stays as it is.
/// - Parameter progress: told how far it is, after every few samples.
/// - Throws: `TrainerError`, `DatasetError`, what the device throws, `CancellationError`.
public func evaluate(
  _ device: any TrainingDevice, on samples: SampleSet,
  progress: (_ evaluated: Evaluation) -> Void = { _ in }
) async throws -> Evaluation {
  var evaluation = Evaluation(classes: device.model.classes)
  var chunk = ChunkSize()
  var position = 0
  if device.model.evaluates { try await device.resetEvaluation() }
  while position < samples.count {
    try Task.checkCancellation()
    let part = try chunk.next(from: position..<samples.count).map(samples.sample)
    let answers = try await chunk.timed { try await device.evaluate(part) }
    guard answers.count == part.count else {
      throw TrainerError.wrongAnswerCount(expected: part.count, actual: answers.count)
    }
    for (sample, answer) in zip(part, answers) {
      evaluation.add(label: sample.label, prediction: answer.prediction)
    }
    position += part.count
    progress(evaluation)
  }
  guard device.model.evaluates else { return evaluation }
  let counted = try await device.evaluation()
  guard counted == evaluation else {
    throw TrainerError.countsDiffer(device: counted.count, host: evaluation.count)
  }
  return counted
}
