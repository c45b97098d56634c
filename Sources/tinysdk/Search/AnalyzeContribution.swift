import Compiler
import Training

/// The files of a contribution analysis.
package struct ContributionReport: Sendable, Equatable, Codable {
  package var project: String
  package var update: String
  package var contribution: Contribution
  package var tableFile: String
  package var chartFile: String

  package var text: String {
    let biases = contribution.biases.map {
      ["last \($0.count)", "", "biases", points($0.gain), number($0.loss, 4)]
    }
    let layerBiases = contribution.layerBiases.map {
      ["\($0.layer)", $0.name, "its bias", points(contribution.gain(of: $0, .accuracy)), ""]
    }
    let weights = contribution.weights.map {
      ["\($0.layer)", $0.name, "\(percent($0.fraction)) of its weights", points($0.gain), number($0.loss, 4)]
    }
    return [
      textTable(["layer", "name", "what learns", "gain", "loss"], biases + layerBiases + weights), "",
      "the head alone: \(percent(contribution.headAccuracy)); gains in points, of weights above the last "
        + "\(contribution.baseBiases) biases alone, of a bias the mean of what it adds first and last",
      "wrote \(tableFile) and \(chartFile)",
    ].joined(separator: "\n")
  }
}

/// A difference of accuracy in points, with its sign.
func points(_ gain: Double) -> String { (gain < 0 ? "-" : "+") + number(100 * abs(gain), 2) }

/// Measures what every part of the network is worth updating, or takes what is stored, and writes table and
/// chart.
/// - Parameter depth: how many last layers are looked at; nil takes three fifths of them.
/// - Throws: what the trials throw; `AtomicFile.Failure`.
func analyze(
  _ bench: SchemeWorkbench, depth: Int?, jobs: Int, console: Console
) async throws -> ContributionReport {
  let count = bench.layers.count
  let settings = ContributionSettings(layers: count, depth: depth ?? bench.searchedDepth)
  let progress = SearchProgress("trying what each layer is worth", console: console)
  let contribution = try await analyzeContribution(
    bench.trials, settings, layers: bench.layers, jobs: jobs, progress: progress.tell)
  progress.finish()
  let folder = bench.workspace.searchFolder
  let name = bench.workspace.project.name
  let (table, chart) = ("\(folder)/contribution.csv", "\(folder)/contribution.svg")
  try AtomicFile.write(contribution.csv, to: table)
  try AtomicFile.write(
    ContributionChart(contribution, title: "What updating is worth: \(name)").svg, to: chart)
  return ContributionReport(
    project: name, update: "last \(settings.layers.count) layers", contribution: contribution,
    tableFile: table,
    chartFile: chart)
}
