import Boards
import Compiler
import ImageBuild

/// Which kernel does each step of a plan, and why not another: `tinysdk plan --kernels`.
package struct KernelReport: Equatable, Codable, Sendable {
  /// A kernel that was looked at for a step.
  package struct Candidate: Equatable, Codable, Sendable {
    package var kernel: String
    package var backend: String
    /// The layout in which it reads its weights; `nil` for the canonical one.
    package var layout: String?
    /// As the kernel declares them; `nil` where it declares nothing.
    package var instructions: Int?
    package var cycles: Int?
    package var scratchBytes: Int?
    /// A word for what became of it: `chosen`, `costlier`, `notPackable`, `canonicalWeights`, `otherLayout`,
    /// or `unsupported`.
    package var verdict: String
  }

  /// One kernel call of the program.
  package struct Step: Equatable, Codable, Sendable {
    package var name: String
    package var kind: String
    package var phase: String
    package var macs: Int
    package var contract: String
    package var kernel: String
    package var backend: String
    package var layout: String?
    package var candidates: [Candidate]
  }

  package var project: String
  package var board: String
  /// What the choice saves.
  package var optimize: KernelGoal
  package var steps: [Step]

  package init(_ plan: Plan, project: String, board: String) {
    self.project = project
    self.board = board
    optimize = plan.options.optimize
    steps = plan.steps.map(Step.init)
  }

  package var text: String {
    let rows = steps.enumerated().flatMap { index, step in self.rows(of: step, number: index) }
    let headings = [
      "", "layer", "phase", "kernel", "backend", "layout", "instructions", "cycles", "scratch B", "",
    ]
    return [
      "\(project) on \(board): kernels chosen for \(optimize.rawValue), with the costs that they declare", "",
      textTable(headings, rows),
    ].joined(separator: "\n")
  }

  /// A row for each kernel; the step itself stands in the first.
  private func rows(of step: Step, number: Int) -> [[String]] {
    let costs = { (cost: Int?) -> String in cost.map { grouped($0) } ?? "" }
    return step.candidates.enumerated().map { position, candidate -> [String] in
      let head: [String] = position == 0 ? ["\(number)", step.name, step.phase] : ["", "", ""]
      let cells: [String] = [
        candidate.kernel, candidate.backend, candidate.layout ?? "", costs(candidate.instructions),
        costs(candidate.cycles), costs(candidate.scratchBytes), explanation(candidate.verdict),
      ]
      return head + cells
    }
  }

  private func explanation(_ verdict: String) -> String {
    switch KernelVerdict(rawValue: verdict) {
    case .chosen: "chosen"
    case .costlier: "costs more"
    case .notPackable: "these weights cannot be packed into its layout"
    case .canonicalWeights: "weights that learn or are split keep the canonical layout"
    case .otherLayout: "all readers of the weights together cost less with another layout"
    case nil: "does not support these arguments"
    }
  }
}

extension KernelReport.Step {
  /// The chosen kernel stands first.
  fileprivate init(_ step: Compiler.Step) {
    let considered = zip(step.considered, step.verdicts).map { candidate, verdict in
      KernelReport.Candidate(
        kernel: candidate.symbol, backend: candidate.backend, layout: candidate.layout,
        instructions: candidate.instructions, cycles: candidate.cycles, scratchBytes: candidate.scratchBytes,
        verdict: verdict.rawValue)
    }
    let refused = step.refused.map {
      KernelReport.Candidate(kernel: $0.symbol, backend: $0.backend, verdict: "unsupported")
    }
    let isChosen = { (candidate: KernelReport.Candidate) in candidate.verdict == KernelVerdict.chosen.rawValue
    }
    self.init(
      name: step.node.layer, kind: step.node.op, phase: step.node.phase.rawValue, macs: step.macs,
      contract: step.contract, kernel: step.call.symbol, backend: step.backend,
      layout: considered.first(where: isChosen)?.layout,
      candidates: considered.filter(isChosen) + considered.filter { !isChosen($0) } + refused)
  }
}
