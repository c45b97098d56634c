/// How many samples a model classifies right, class by class.
public struct Evaluation: Sendable, Equatable, Codable {
  /// Samples of each class.
  public var total: [Int]
  /// Of those, classified right.
  public var correct: [Int]

  public init(classes: Int) {
    total = [Int](repeating: 0, count: classes)
    correct = total
  }

  /// How many samples have been classified.
  public var count: Int { total.reduce(0, +) }

  /// The share classified right, 0 ... 1; 0 without samples.
  public var accuracy: Double { share(of: total.indices) }

  /// The share classified right of the samples of some classes; 0 without samples.
  public func share(of classes: some Sequence<Int>) -> Double {
    let (right, all) = classes.reduce((0, 0)) { ($0.0 + correct[$1], $0.1 + total[$1]) }
    return all == 0 ? 0 : Double(right) / Double(all)
  }

  mutating func add(label: Int, prediction: Int) {
    total[label] += 1
    correct[label] += label == prediction ? 1 : 0
  }
}

/// Classifies every sample. The trainable state stays as it is.
/// - Parameter progress: told how far it is, after every few samples.
/// - Throws: `DatasetError`, what the device throws, `CancellationError`.
public func evaluate(
  _ device: any TrainingDevice, on samples: SampleSet,
  progress: (_ evaluated: Evaluation) -> Void = { _ in }
) async throws -> Evaluation {
  var evaluation = Evaluation(classes: device.model.classes)
  var chunk = ChunkSize()
  var position = 0
  while position < samples.count {
    try Task.checkCancellation()
    let part = try chunk.next(from: position..<samples.count).map(samples.sample)
    let answers = try await chunk.timed { try await device.infer(part.map(\.input)) }
    guard answers.count == part.count else {
      throw TrainerError.wrongAnswerCount(expected: part.count, actual: answers.count)
    }
    for (sample, answer) in zip(part, answers) {
      evaluation.add(label: sample.label, prediction: answer.prediction)
    }
    position += part.count
    progress(evaluation)
  }
  return evaluation
}
