import ArgumentParser

package struct AnalyzeCommand: AsyncParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "analyze",
    abstract: "Measure what updating each layer's biases and weights is worth in accuracy.",
    discussion: """
      Trains the head alone, growing numbers of biases, and each share of each layer's weights on top of the biases,
      for a short while each, in the device's own arithmetic. Every fifth training sample tests instead; the held-out
      samples stay unseen. Trials are kept in build/search/trials by their content: an analysis that was stopped goes
      on where it was. Writes contribution.csv and contribution.svg into build/search.
      """)

  @OptionGroup package var global: GlobalOptions
  @OptionGroup package var build: BuildOptions
  @OptionGroup package var trial: TrialOptions

  @Option(help: ArgumentHelp("Look at the last so many layers; else at three fifths.", valueName: "count"))
  package var depth: Int?

  @Option(
    help: ArgumentHelp(
      "Train nothing but the head, and measure how large each tensor's gradient is on so many samples: seconds instead of minutes.",
      valueName: "count"))
  package var gradientSamples: Int?

  @Option(help: ArgumentHelp("Samples from which the head learns before that.", valueName: "count"))
  package var headSamples = 400

  package init() {}

  package func validate() throws {
    if let depth, depth < 1 { throw ValidationError("--depth: \(depth) is not 1 or more") }
    if let gradientSamples, gradientSamples < 2 {
      throw ValidationError("--gradient-samples: \(gradientSamples) is not 2 or more")
    }
    if headSamples < 1 { throw ValidationError("--head-samples: \(headSamples) is not 1 or more") }
  }

  package mutating func run() async throws {
    let workspace = try Workspace(folder: global.project, pluginPaths: global.pluginPaths)
    var settings = build.settings
    (settings.epochs, settings.data) = (trial.epochs, trial.data)
    let bench = try await SchemeWorkbench(workspace, settings, trial.request, console: global.console)
    if let gradientSamples {
      let report = try await analyzeGradients(
        bench, depth: depth, headSamples: headSamples, samples: gradientSamples)
      return try global.print(report, as: report.text)
    }
    let report = try await analyze(bench, depth: depth, jobs: trial.workers, console: global.console)
    try global.print(report, as: report.text)
  }
}
