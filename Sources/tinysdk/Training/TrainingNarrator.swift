import Synchronization
import Training

/// Tells a person how a run goes: a line for each epoch, and on a terminal a bar.
final class TrainingNarrator: Sendable {
  private let console: Console
  private let phase = Mutex<(phase: TrainingProgress.Phase, start: ContinuousClock.Instant)?>(nil)

  private static let width = 98

  init(console: Console) {
    self.console = console
  }

  func tell(_ progress: TrainingProgress) {
    if case .finished(let entry) = progress.phase {
      console.note(
        "epoch \(entry.epoch): loss \(number(entry.loss, 4)), training accuracy "
          + "\(percent(progress.accuracy ?? 0)), held-out accuracy \(percent(entry.accuracy))")
      return
    }
    let bar = ProgressBar(
      done: progress.done, total: progress.total, loss: progress.loss, accuracy: progress.accuracy,
      rate: rate(progress))
    let title = Self.title(progress.phase)
    console.progress(title + bar.line(width: Self.width - title.count))
    if case .evaluating(0) = progress.phase, progress.done == progress.total {
      console.note("before: held-out accuracy \(percent(progress.accuracy ?? 0))")
    }
  }

  /// Samples per second of this phase, so far.
  private func rate(_ progress: TrainingProgress) -> Double {
    let start = phase.withLock { known in
      if let known, known.phase == progress.phase { return known.start }
      known = (progress.phase, .now)
      return .now
    }
    let seconds = start.duration(to: .now) / .seconds(1)
    return seconds > 0.05 ? Double(progress.done) / seconds : 0
  }

  private static func title(_ phase: TrainingProgress.Phase) -> String {
    switch phase {
    case .evaluating: "testing  "
    case .training(let epoch): "epoch \(epoch)  "
    case .finished(let entry): "epoch \(entry.epoch)  "
    }
  }
}
