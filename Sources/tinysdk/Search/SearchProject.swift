import Compiler
import ImageBuild
import Foundation
import Project
import Training

/// What `tinysdk search` is asked for.
package struct SearchRequest: Sendable {
  package var budget: SchemeBudget
  package var settings: SearchSettings
  /// Layers from the end that may learn; nil takes three fifths of them.
  package var depth: Int?
  /// Epochs of the trainings that decide between the best few.
  package var verificationEpochs: Int
  package var jobs: Int
  package var writesProject: Bool

  package init(
    budget: SchemeBudget, settings: SearchSettings = .init(), depth: Int? = nil, verificationEpochs: Int = 5,
    jobs: Int, writesProject: Bool = true
  ) {
    self.budget = budget
    self.settings = settings
    self.depth = depth
    self.verificationEpochs = verificationEpochs
    self.jobs = jobs
    self.writesProject = writesProject
  }
}

/// Nothing fits the budget that was asked for.
package struct NothingFits: Error, Equatable, CustomStringConvertible {
  package var budget: Int
  package var smallest: Int

  package var description: String {
    "no scheme fits \(grouped(budget)) bytes of SRAM: the head alone takes \(grouped(smallest)); "
      + "try --sram \(smallest), a smaller model, or --residual 0"
  }
}

/// Contribution analysis, evolutionary search, and real training of the best few.
/// - Throws: `NothingFits`; what the trials, the planner and the link throw; `AtomicFile.Failure`.
package func search(
  _ bench: SchemeWorkbench, _ request: SearchRequest, _ settings: BuildSettings, console: Console
) async throws -> SearchReport {
  // First what may fail for want of a file or a tool; the analysis takes minutes.
  let depth = request.depth ?? bench.searchedDepth
  let table = try await bench.measureCalls(
    depth: min(depth, bench.layers.count), settings, console: console)
  let contribution = try await analyze(bench, depth: depth, jobs: request.jobs, console: console)
    .contribution
  let head = try bench.cost(.headOnly, table)
  guard head.sramBytes <= request.budget.sramBytes else {
    throw NothingFits(budget: request.budget.sramBytes, smallest: head.sramBytes)
  }
  let planning = SearchProgress("planning schemes", console: console)
  let beside = SearchProgress("trying biases beside the best scheme so far", console: console)
  let outcome = try await searchScheme(
    contribution.worth(request.settings.measure), budget: request.budget, request.settings,
    jobs: request.jobs,
    cost: { scheme in
      do {
        return try bench.cost(scheme, table)
      } catch CompilerError.nothingToReplay {
        return nil
      }
    },
    refine: { worth, scheme in
      try await discountingBiases(
        worth, beside: scheme, bench.trials, request.settings.measure, jobs: request.jobs,
        progress: beside.tell)
    }, progress: { planning.tell($0, $1, 0) })
  planning.finish()
  let rows = try await verify(
    finalists(outcome, bench, request), bench, request, outcome.worth, table, console: console)
  return try conclude(rows, outcome, bench, request)
}

/// A scheme to be trained, by the name it has in the report.
private struct Finalist {
  var name: String
  var scheme: UpdateScheme
}

/// The best by score, the best with less memory, the random search's best, and the published schemes.
private func finalists(_ outcome: SearchOutcome, _ bench: SchemeWorkbench, _ request: SearchRequest)
  -> [Finalist]
{
  let best = outcome.best
  var chosen = Array(best.prefix((request.settings.verified + 1) / 2))
  for share in [0.9, 0.8, 0.7, 0.6, 0.5] where chosen.count < request.settings.verified {
    let limit = Int(Double(best.first?.cost.sramBytes ?? 0) * share)
    if let smaller = best.first(where: { $0.cost.sramBytes <= limit }), !chosen.contains(smaller) {
      chosen.append(smaller)
    }
  }
  for candidate in best where chosen.count < request.settings.verified {
    if !chosen.contains(candidate) { chosen.append(candidate) }
  }
  let searched = chosen.enumerated().map { Finalist(name: "searched-\($0 + 1)", scheme: $1.scheme) }
  let random = outcome.random.map { [Finalist(name: "random", scheme: $0.scheme)] } ?? []
  let published = publishedSchemes.filter { $0.layers == bench.layers.count }
    .map { Finalist(name: $0.scheme.name, scheme: $0.scheme.withoutAbsentBiases(of: bench.layers)) }
  return searched + random + published + [Finalist(name: "head", scheme: .headOnly)]
}

private func verify(
  _ finalists: [Finalist], _ bench: SchemeWorkbench, _ request: SearchRequest, _ worth: PartWorth,
  _ table: InstructionTable, console: Console
) async throws -> [SearchReport.Row] {
  let priced = try finalists.map { ($0, try bench.cost($0.scheme, table)) }.filter { finalist, cost in
    // A published scheme far above the budget says nothing about it.
    Double(cost.sramBytes) <= 1.1 * Double(request.budget.sramBytes) || finalist.name.hasPrefix("searched")
  }
  var accuracies = [Double](repeating: 0, count: priced.count)
  for (fold, trials) in bench.folds.enumerated() {
    let progress = SearchProgress(
      "training the best schemes, part \(fold + 1) of \(bench.folds.count)", console: console)
    let outcomes = try await trials.with(epochs: request.verificationEpochs).outcomes(
      of: priced.map(\.0.scheme), jobs: request.jobs, progress: progress.tell)
    progress.finish()
    for (position, outcome) in outcomes.enumerated() {
      accuracies[position] += outcome.result.accuracy / Double(bench.folds.count)
    }
  }
  let rows = zip(priced, accuracies).map { entry, accuracy in
    SearchReport.Row(
      name: entry.0.name, scheme: entry.0.scheme,
      score: worth.sum(of: entry.0.scheme),
      sramBytes: entry.1.sramBytes, instructions: entry.1.instructions, accuracy: accuracy,
      isWithinBudget: request.budget.allows(entry.1), isOnFront: false)
  }
  let front = paretoFront(
    rows, gains: { [$0.accuracy] }, costs: { [Double($0.sramBytes), Double($0.instructions ?? 0)] })
  var marked = rows.map { row in
    var row = row
    row.isOnFront = front.contains(row)
    return row
  }
  // The last word: the samples that neither the search nor the trials have seen.
  let chosen = choice(of: marked, samples: bench.sampleCount)
  let asked = marked.indices.filter { position in
    marked[position].name == chosen?.name
      || (!marked[position].name.hasPrefix("searched") && marked[position].isWithinBudget)
  }
  let finals = SearchProgress("training on all samples", console: console)
  let results = try await bench.finals.with(epochs: request.verificationEpochs).outcomes(
    of: asked.map { marked[$0].scheme }, jobs: request.jobs, progress: finals.tell)
  finals.finish()
  for (position, outcome) in zip(asked, results) {
    marked[position].heldOutAccuracy = outcome.result.accuracy
  }
  return marked
}

/// The smallest within the budget of those that cross-validation cannot tell from the best: within half a
/// standard error of its accuracy, a cautious form of the one-standard-error rule of Breiman et al.,
/// "Classification and Regression Trees", 1984, chapter 3.
/// - Parameter samples: how many tested each row.
package func choice(of rows: [SearchReport.Row], samples: Int) -> SearchReport.Row? {
  let affordable = rows.filter(\.isWithinBudget)
  let best = affordable.map(\.accuracy).max() ?? 0
  let standardError = (best * (1 - best) / Double(max(1, samples))).squareRoot()
  return affordable.filter { $0.accuracy >= best - standardError / 2 }
    .min { ($0.sramBytes, $1.accuracy) < ($1.sramBytes, $0.accuracy) }
}

private func conclude(
  _ rows: [SearchReport.Row], _ outcome: SearchOutcome, _ bench: SchemeWorkbench, _ request: SearchRequest
) throws -> SearchReport {
  guard let chosen = choice(of: rows, samples: bench.sampleCount) else {
    throw NothingFits(budget: request.budget.sramBytes, smallest: rows.map(\.sramBytes).min() ?? 0)
  }
  let workspace = bench.workspace
  let chart = "\(workspace.searchFolder)/pareto.svg"
  let points = rows.map {
    ParetoChart.Point(
      name: $0.name, sramBytes: $0.sramBytes, accuracy: $0.accuracy, isOnFront: $0.isOnFront)
  }
  try AtomicFile.write(
    ParetoChart(points, title: "Schemes of \(workspace.project.name) on \(bench.board.name)").svg, to: chart)
  var report = SearchReport(
    project: workspace.project.name, board: bench.board.name, budget: request.budget,
    measure: request.settings.measure, planned: outcome.planned,
    searchedScore: outcome.best.first?.score ?? 0,
    randomScore: outcome.random?.score, rows: rows, chosen: chosen.name, chartFile: chart)
  if request.writesProject {
    report.written = try writeScheme(chosen.scheme, into: workspace, layers: bench.layers.count)
  }
  try AtomicFile.write(try jsonText(report) + "\n", to: "\(workspace.searchFolder)/search.json")
  return report
}

/// Writes a scheme into the project file and returns the file's path.
/// - Throws: `AtomicFile.Failure`, `FileError`.
func writeScheme(_ scheme: UpdateScheme, into workspace: Workspace, layers: Int) throws -> String {
  let path = workspace.path("tinysdk.yml")
  let text = String(decoding: try contents(of: path), as: UTF8.self)
  try AtomicFile.write(replacingUpdate(in: text, with: UpdateSetting(scheme, layers: layers)), to: path)
  return path
}
