import ArgumentParser
import ImageBuild

package struct BenchCommand: AsyncParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Count the instructions of an inference and of a training step; measure SRAM, stack and flash.",
    discussion: """
      Runs in the board's emulator with every instruction counted, so two runs give equal figures. The totals, the stack
      and the sizes are those of the image that `tinysdk build` makes; a second image, which calls a profiler before each
      operator, gives the table.
      """)

  @OptionGroup package var global: GlobalOptions
  @OptionGroup package var build: BuildOptions

  @Option(help: "The link's transport: semihosting or uart.")
  package var transport: String?

  package init() {}

  package mutating func run() async throws {
    let workspace = try Workspace(folder: global.project, pluginPaths: global.pluginPaths)
    var settings = build.settings
    settings.transport = transport
    let result = try await benchmark(workspace, settings, console: global.console)
    try global.print(result, as: result.text)
  }
}

extension Benchmark {
  package var text: String {
    let rows = operators.enumerated().map { index, entry in
      [
        "\(index)", entry.name, entry.kind, entry.phase, entry.macs == 0 ? "" : grouped(entry.macs),
        grouped(entry.instructions),
        entry.macs == 0 ? "" : number(Double(entry.instructions) / Double(entry.macs), 2),
      ]
    }
    let headings = ["", "layer", "operator", "phase", "MACs", "instructions", "per MAC"]
    return [
      textTable(headings, rows), "",
      "\(model) on \(board), update '\(update)':",
      "  inference      \(grouped(inferenceInstructions)) instructions",
      "  training step  \(grouped(trainingStepInstructions)) instructions",
      "  SRAM           \(grouped(sramBytes)) B: \(grouped(sramStaticBytes)) static, \(grouped(stackBytes)) of stack",
      "  flash          \(grouped(flashBytes)) B",
    ].joined(separator: "\n")
  }
}
