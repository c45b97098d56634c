import Graph

extension ControlTensor {
  /// Counts training steps, and holds the seed of stochastic rounding. It is part of the state, so that a
  /// resumed training goes on with the same random numbers and at the same point of its schedule.
  public static let stepCounter = "step_counter"
}

extension Graph {
  /// Defines the step counter where there is none, and moves it on as the program's last act.
  mutating func countSteps() throws {
    if !contains(ControlTensor.stepCounter) {
      try define(Tensor(ControlTensor.stepCounter, .uint32, [2], role: .parameter))
    }
    nodes.removeAll { $0.op == advanceCounterOperator }
    nodes.append(
      Node(
        "\(ControlTensor.stepCounter).advance", advanceCounterOperator, inputs: [ControlTensor.stepCounter],
        outputs: [], phase: .update))
  }
}

let advanceCounterOperator = "advance_counter"
