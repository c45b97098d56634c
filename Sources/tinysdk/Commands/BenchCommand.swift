import ArgumentParser
import Boards
import Foundation
import ImageBuild
import Operators

package struct BenchCommand: AsyncParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Count the instructions of an inference and of a training step; measure SRAM, stack and flash.",
    discussion: """
      Runs in the board's emulator with every instruction counted, so two runs give equal figures. The totals, the stack
      and the sizes are those of the image that `tinysdk build` makes; a second image, which calls a profiler before each
      operator, gives the table.

      With --board host it trains on this machine instead, and compares the host's kernels with the portable ones within
      one run.

      --kernels needs no project: it runs single operators of known shapes, with the kernels that the planner chooses for
      them, and sets other engines' figures beside. Shapes and figures stand in Benchmarks/benchmarks.yml. --cycles adds
      what the kernels' innermost loops take by llvm-mca's model of the core (llvm-19); it is a model, not a measurement.
      --results measures everything that the file names, kernels and networks, and writes it as Markdown.
      """)

  @OptionGroup package var global: GlobalOptions
  @OptionGroup package var build: BuildOptions

  @Option(help: "The link's transport: semihosting or uart.")
  package var transport: String?

  @Flag(help: "Measure single kernels on every board of the benchmark file, or on --board.")
  package var kernels = false

  @Flag(help: "Model the cycles of the kernels' innermost loops with llvm-mca.")
  package var cycles = false

  @Option(
    help: ArgumentHelp("What to measure, instead of the SDK's Benchmarks/benchmarks.yml.", valueName: "file"))
  package var benchmarks: String?

  @Option(
    help: ArgumentHelp("Measure kernels and networks and write all of it into this file.", valueName: "file"))
  package var results: String?

  package init() {}

  package func validate() throws {
    if benchmarks != nil, !kernels, results == nil {
      throw ValidationError("--benchmarks needs --kernels or --results")
    }
    if kernels, results != nil {
      throw ValidationError("--results measures kernels anyway; leave --kernels out")
    }
  }

  package mutating func run() async throws {
    if let results { return try await writeResults(to: results) }
    if kernels { return try await benchKernels() }
    let workspace = try Workspace(folder: global.project, pluginPaths: global.pluginPaths)
    var settings = build.settings
    settings.transport = transport
    let board = try workspace.surroundings.boards.board(named: settings.board ?? workspace.project.board)
    if board.isHost {
      let result = try await hostBenchmark(
        workspace, settings, cores: ProcessInfo.processInfo.activeProcessorCount, console: global.console)
      return try global.print(result, as: result.text)
    }
    let result = try await benchmark(workspace, settings, cycles: cycles, console: global.console)
    try global.print(result, as: result.text)
  }

  private func benchmarkFile(_ surroundings: Surroundings) throws -> BenchmarkFile {
    try BenchmarkFile(path: benchmarks ?? surroundings.root.benchmarks)
  }

  private func benchKernels() async throws {
    let surroundings = try global.surroundings()
    let file = try benchmarkFile(surroundings)
    let report = try await measureKernels(
      kernelRequest(file), on: build.board.map { [$0] } ?? file.boards, surroundings, console: global.console)
    try global.print(report, as: report.text)
  }

  private func kernelRequest(_ file: BenchmarkFile) -> KernelBenchmarkRequest {
    KernelBenchmarkRequest(
      shapes: file.kernels, roundings: build.rounding.map { [$0] } ?? [.tflite, .single],
      folder: global.project == "." ? "build/kernels" : "\(global.project)/build/kernels",
      settings: build.settings, cycles: cycles)
  }

  private func writeResults(to path: String) async throws {
    let surroundings = try global.surroundings()
    let file = try benchmarkFile(surroundings)
    let results = try await measureResults(
      file, kernelRequest(file), surroundings, outputPath: path, console: global.console)
    try writeIfChanged(results.markdown, to: path)
    try global.print(results, as: "wrote \(path)")
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
    let totals = [
      "\(model) on \(board), update '\(update)':",
      "  inference      \(grouped(inferenceInstructions)) instructions",
      "  training step  \(grouped(trainingStepInstructions)) instructions",
      "  SRAM           \(grouped(sramBytes)) B: \(grouped(sramStaticBytes)) static, \(grouped(stackBytes)) of stack",
      "  flash          \(grouped(flashBytes)) B",
    ]
    let notes = frugalKernels.map { ["  \($0)"] } ?? []
    let cycles = loops.map { ["", loopTable($0, on: board)] } ?? []
    return ([textTable(headings, rows), ""] + totals + notes + cycles).joined(separator: "\n")
  }
}
