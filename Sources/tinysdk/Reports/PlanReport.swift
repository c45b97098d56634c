import Boards
import Compiler
import Graph
import ImageBuild

/// What a plan costs: the same figures for a person and, as JSON, for a program.
package struct PlanReport: Equatable, Codable, Sendable {
  /// A named number of bytes.
  package struct Item: Equatable, Codable, Sendable {
    package var name: String
    package var bytes: Int
  }

  package var project: String
  package var board: String
  package var update: String
  package var residual: String
  package var gradients: String
  package var optimizer: String
  /// What the choice of kernels saves.
  package var optimize: KernelGoal
  /// Why that is memory where something else was asked for; `nil` where it was not.
  package var frugalKernels: FrugalKernels?
  /// Every memory region of the board; empty for the host.
  package var regions: [SizeReport.Region]
  package var arenaBytes: Int
  /// What no plan of this program can do without.
  package var arenaLowerBound: Int
  /// The operator during which the most bytes are alive.
  package var peakOperator: String
  /// What is alive then, largest first, at most five.
  package var peakTensors: [Item]
  package var keptActivationBytes: Int
  /// The trainable state: weights, biases, residuals and head.
  package var stateBytes: Int
  package var stateTensors: Int
  /// Of the trainable state: what momentum keeps.
  package var velocityBytes: Int
  /// Of the trainable state: what gradient accumulation keeps.
  package var gradientSumBytes: Int
  /// Of the arena: the most that gradients held whole take at one time.
  package var wholeGradientBytes: Int
  /// Counters and windows of evaluation and guard.
  package var learningBytes: Int
  /// The last good copy of the trainable state.
  package var guardCopyBytes: Int
  /// Samples kept to learn from again, in flash whole pages.
  package var replayBytes: Int
  /// The regions that they lie in; empty without any, and on the host.
  package var replayRegions: [String]
  /// Of the counters and windows: the page that is being rewritten, where they lie in flash.
  package var flashPageBytes: Int
  /// Layers' operators before the first that learns, and bytes of a sample behind them; 0 where the first
  /// learns.
  package var frozenOperators: Int
  package var edgeBytes: Int
  package var stackBytes: Int
  /// Constants in flash; code comes on top.
  package var constantBytes: Int
  package var operators: Int
  package var inferenceMacs: Int
  package var trainingMacs: Int

  package init(_ planned: PlannedProject, project: String) {
    let plan = planned.plan
    self.project = project
    board = planned.board.name
    update = plan.options.update.name
    residual = plan.options.residual.rawValue
    gradients = plan.options.gradients.rawValue
    optimizer = plan.options.optimizer.description
    optimize = plan.options.optimize
    frugalKernels = plan.frugalKernels
    regions = plannedUsage(plan, on: planned.board)
    arenaBytes = plan.arena.bytes
    arenaLowerBound = plan.arena.lowerBound
    peakOperator = plan.operatorName(at: plan.arena.peakStep)
    peakTensors = plan.arena.alive(at: plan.arena.peakStep).prefix(5).map {
      Item(name: $0.name, bytes: $0.bytes)
    }
    keptActivationBytes = plan.keptActivationBytes
    stateBytes = plan.stateBytes
    stateTensors = plan.state.count
    velocityBytes = plan.velocityBytes
    gradientSumBytes = plan.gradientSumBytes
    wholeGradientBytes = plan.wholeGradientBytes
    learningBytes = plan.learningBytes
    guardCopyBytes = plan.guardCopyBytes
    replayBytes = plan.replayBytes
    replayRegions = plan.placement?.replay?.regions ?? []
    flashPageBytes = plan.replayPages?.bufferBytes ?? 0
    frozenOperators = plan.frozenPrefix?.steps ?? 0
    edgeBytes = plan.frozenPrefix?.edgeBytes ?? 0
    stackBytes = plan.stackBytes
    constantBytes = plan.constantBytes
    operators = plan.steps.count
    inferenceMacs = plan.inferenceSteps.reduce(0) { $0 + plan.steps[$1].macs }
    trainingMacs = plan.steps.reduce(0) { $0 + $1.macs }
  }

  package var text: String {
    let peak = peakTensors.map { "\($0.name) \(grouped($0.bytes))" }.joined(separator: ", ")
    let head = [
      "\(project) on \(board): update \(update), residual \(residual), \(gradients) gradients, \(operators) operators",
      "",
    ]
    let bars = usageBars(regions) + (regions.isEmpty ? [] : [""])
    let costs = ["Training: " + trainingLine, "Optimizer: " + optimizerLine] + kernelLine
    let work = [
      "At the peak: \(peak)",
      "Work: \(grouped(inferenceMacs)) MACs for an inference, \(grouped(trainingMacs)) for a training step",
    ]
    return (head + bars + costs + work).joined(separator: "\n")
  }

  /// What a person may not expect of the kernels.
  var kernelLine: [String] { frugalKernels.map { ["Note: \($0)"] } ?? [] }

  private var trainingLine: String {
    let parts: [String?] = [
      "arena \(grouped(arenaBytes)) B (peak at \(peakOperator))",
      "kept activations \(grouped(keptActivationBytes)) B",
      "trainable \(grouped(stateBytes)) B in \(stateTensors) tensors",
      learningBytes > 0 ? "counters and windows \(grouped(learningBytes)) B" : nil,
      replayBytes > 0 ? keptSamples : nil,
      guardCopyBytes > 0 ? "good copy of the trainable state \(grouped(guardCopyBytes)) B" : nil,
      "stack \(grouped(stackBytes)) B",
      "flash \(grouped(constantBytes)) B without code",
    ]
    return parts.compactMap { $0 }.joined(separator: ", ")
  }

  private var keptSamples: String {
    let place = replayRegions.isEmpty ? "" : " in \(replayRegions.joined(separator: "+"))"
    let page = flashPageBytes > 0 ? ", written through a page of \(grouped(flashPageBytes)) B" : ""
    return "kept samples \(grouped(replayBytes)) B\(place) (\(grouped(edgeBytes)) each\(page))"
  }
}

extension PlanReport {
  fileprivate var optimizerLine: String {
    let costs = [
      ("velocities", velocityBytes, "trainable state"),
      ("sums of gradients", gradientSumBytes, "trainable state"),
      ("gradients held whole", wholeGradientBytes, "arena"),
    ].filter { $0.1 > 0 }
    return ([optimizer] + costs.map { "\($0.0) \(grouped($0.1)) B of the \($0.2)" }).joined(separator: "; ")
  }
}

extension CompileOptions.Update {
  /// The scheme's name.
  package var name: String {
    switch self {
    case .named(let name): name
    case .scheme(let scheme): scheme.name
    }
  }
}

extension Plan {
  /// The name of a step; of the step before the first, the input's.
  package func operatorName(at step: Int) -> String {
    steps.indices.contains(step) ? steps[step].node.name : "the input"
  }
}
