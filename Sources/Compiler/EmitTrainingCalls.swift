extension ModelEmitter {
  /// The calls of a training step from step `start` on, one after the other; those that do not run every time
  /// under one condition.
  func trainingCalls(from start: Int) -> String {
    func calls(_ positions: Range<Int>) -> [String] { positions.map { call($0, inference: false) } }
    guard let conditional = plan.conditionalSteps, let counter = expressions[ControlTensor.stepCounter] else {
      return calls(start..<plan.steps.count).joined(separator: "\n")
    }
    let (first, end) = (conditional.steps.lowerBound, conditional.steps.upperBound)
    let block = calls(conditional.steps).joined(separator: "\n").split(separator: "\n").map { "  \($0)" }
    let condition = "  if ((\(counter)[0] + 1u) % \(conditional.period)u == 0u) {"
    return (calls(start..<first) + [condition] + block + ["  }"] + calls(end..<plan.steps.count))
      .joined(separator: "\n")
  }
}
