import Boards
import Foundation
import ImageBuild

/// Everything that a benchmark file names, measured: what `Benchmarks/RESULTS.md` says.
package struct Results: Sendable, Equatable, Codable {
  /// A network in all its builds.
  package struct Network: Sendable, Equatable, Codable {
    package var name: String
    package var builds: [Build]
    package var peers: [BenchmarkFile.Peer]
  }

  package struct Build: Sendable, Equatable, Codable {
    package var core: String
    /// Kernel backends, the preferred first.
    package var backends: [String]
    package var rounding: String
    package var gradients: String
    package var measured: Benchmark
  }

  /// The source's commit; `nil` outside a repository.
  package var commit: String?
  /// What the compiler says of itself.
  package var compiler: String
  package var emulator: String
  package var kernels: [KernelBenchmark]
  package var networks: [Network]
}

/// Measures what a benchmark file names. Networks whose model is not there are left out, with a note.
/// - Parameter outputPath: a file whose changes do not count as the source's.
/// - Throws: what measuring throws.
package func measureResults(
  _ file: BenchmarkFile, _ request: KernelBenchmarkRequest, _ surroundings: Surroundings,
  outputPath: String, console: Console
) async throws -> Results {
  let toolchain = try surroundings.toolchains.toolchain(
    named: request.settings.toolchain ?? "clang",
    for: surroundings.boards.board(named: file.boards.first ?? ""))
  let kernels = try await measureKernelsByGoal(request, on: file.boards, surroundings, console: console)
  var networks: [Results.Network] = []
  for network in file.networks {
    if let measured = try await measure(network, in: file.folder, request, console: console) {
      networks.append(measured)
    }
  }
  let tools = surroundings.tools
  return Results(
    commit: await commit(of: surroundings.root.path, except: outputPath, tools: tools),
    compiler: try await version(of: toolchain.compiler, tools: tools),
    emulator: try await version(
      of: Tool(program: "qemu-system-arm", install: "qemu-system-arm"), tools: tools),
    kernels: kernels, networks: networks)
}

/// By the fewest instructions on every board, and by what the core saves where that is another thing.
private func measureKernelsByGoal(
  _ request: KernelBenchmarkRequest, on boards: [String], _ surroundings: Surroundings, console: Console
) async throws -> [KernelBenchmark] {
  var measured: [KernelBenchmark] = []
  for name in boards {
    let saved = try surroundings.boards.board(named: name).core.optimize ?? .instructions
    for goal in saved == .instructions ? [.instructions] : [.instructions, saved] {
      var request = request
      request.settings.optimize = goal
      let report = try await measureKernels(request, on: [name], surroundings, console: console)
      measured += report.boards
    }
  }
  return measured
}

private func measure(
  _ network: BenchmarkFile.Network, in folder: String, _ request: KernelBenchmarkRequest, console: Console
) async throws -> Results.Network? {
  let workspace = try Workspace(folder: "\(folder)/\(network.project)")
  let model = workspace.path(workspace.project.model)
  guard FileManager.default.fileExists(atPath: model) else {
    console.note("left out \(network.name): \(model) is not there")
    return nil
  }
  var builds: [Results.Build] = []
  for var settings in network.builds {
    settings.toolchain = request.settings.toolchain
    let board = try workspace.surroundings.boards.board(
      named: settings.board ?? workspace.project.board)
    let measured = try await benchmark(workspace, settings, console: console)
    builds.append(
      Results.Build(
        core: board.core.name, backends: settings.backends ?? board.core.backends,
        rounding: (settings.rounding ?? workspace.project.rounding ?? .tflite).rawValue,
        gradients: (settings.gradients ?? workspace.project.gradients).rawValue,
        measured: measured))
  }
  return Results.Network(name: network.name, builds: builds, peers: network.peers)
}

/// The first line of `--version`.
private func version(of tool: Tool, tools: ToolLocator) async throws -> String {
  let output = try await toolOutput(of: tool, ["--version"], tools: tools)
  return output.split(separator: "\n").first.map(String.init) ?? tool.program
}

/// The commit that is checked out, and whether files differ from it.
private func commit(of folder: String, except path: String, tools: ToolLocator) async -> String? {
  let git = Tool(program: "git", install: "the Debian package git")
  let ignored = ":(exclude)\(path)"
  guard
    let commit = try? await toolOutput(
      of: git, ["-C", folder, "rev-parse", "--short=12", "HEAD"], tools: tools),
    let changes = try? await toolOutput(
      of: git, ["-C", folder, "status", "--porcelain", "--untracked-files=no", "--", ".", ignored],
      tools: tools)
  else { return nil }
  return commit.prefix { !$0.isWhitespace } + (changes.isEmpty ? "" : " with changes")
}
