import Boards
import Compiler
import Graph
import ImageBuild
import Operators
import Training

/// What kernels cost on a board, beside the peers' figures for the same work.
package struct KernelBenchmark: Sendable, Equatable, Codable {
  /// One shape in one rounding, as the planner would have it computed.
  package struct Row: Sendable, Equatable, Codable {
    package var shape: String
    package var rounding: String
    package var kernel: String
    package var backend: String
    /// The layout of its weights; `nil` for the canonical one.
    package var layout: String?
    /// Multiply-accumulates, or elements: `unit` says.
    package var work: Int
    package var unit: String
    package var instructions: Int
    package var instructionsPerUnit: Double
    package var peers: [Peer]
  }

  /// What another engine needs on this core.
  package struct Peer: Sendable, Equatable, Codable {
    package var name: String
    package var instructions: Int
    /// Ours, divided by it.
    package var ratio: Double
  }

  package var board: String
  package var core: String
  /// What the choice of kernels saves.
  package var optimize: KernelGoal
  package var rows: [Row]
  /// The innermost loops that multiply, where cycles were asked for.
  package var loops: [LoopCycles]?
}

/// How kernels are to be measured.
package struct KernelBenchmarkRequest: Sendable {
  package var shapes: [KernelShape]
  package var roundings: [Rounding]
  /// Below which each board gets a folder for its build.
  package var folder: String
  package var settings: BuildSettings
  /// Model the cycles of the kernels' loops too.
  package var cycles: Bool

  package init(
    shapes: [KernelShape], roundings: [Rounding] = [.tflite, .single], folder: String,
    settings: BuildSettings = .init(), cycles: Bool = false
  ) {
    self.shapes = shapes
    self.roundings = roundings
    self.folder = folder
    self.settings = settings
    self.cycles = cycles
  }
}

/// Measures kernels on boards, one after the other.
/// - Throws: `UnknownBoard`, and as `measureKernels` on one board.
package func measureKernels(
  _ request: KernelBenchmarkRequest, on boards: [String], _ surroundings: Surroundings, console: Console
) async throws -> KernelBenchmarkReport {
  let boards = try boards.map { try surroundings.boards.board(named: $0) }
  var report = KernelBenchmarkReport(boards: [])
  for board in boards {
    report.boards.append(try await measureKernels(request, on: board, surroundings, console: console))
  }
  return report
}

/// Builds one image that runs every shape's kernel, as the planner chooses it, and counts their instructions
/// in the board's emulator.
/// - Throws: `NotMeasurable` for a board that counts no instructions; what planning, building and the link
///   throw.
package func measureKernels(
  _ request: KernelBenchmarkRequest, on board: Board, _ surroundings: Surroundings, console: Console
) async throws -> KernelBenchmark {
  guard case .emulator = board.run else { throw NotMeasurable(board: board.name) }
  let backends = try kernelBackends(for: board, asked: request.settings.backends, root: surroundings.root)
  console.progress("asking the kernels")
  let kernels = try await KernelAnswers(
    backends: backends, root: surroundings.root, cache: surroundings.cacheFolder)
  let cases = request.roundings.flatMap { rounding in request.shapes.map { (shape: $0, rounding: rounding) } }
  let goal = request.settings.optimize ?? board.core.optimize ?? .instructions
  var options = CompileOptions(purpose: .inference, stackBytes: 4096, profile: true, optimize: goal)
  let frame = try compile(frameGraph(), options, ask: kernels.answer)
  let plans = try cases.map { shape, rounding in
    options.rounding = rounding
    return try compile(shape.graph(), options, ask: kernels.answer, pack: kernels.pack)
  }
  let plan = try join(frame, with: plans, on: board)
  let folder = "\(request.folder)/\(board.name)"
  let image = try await buildKernelImage(
    plan, backends, request.settings, on: board, folder: folder, surroundings, console: console)
  console.progress("counting instructions of each kernel on \(board.name)")
  defer { console.progress("") }
  let costs = try await operatorCosts(of: image, plan, on: board, console: console)
  guard costs.count == plan.steps.count else {
    throw MissingProfile(expected: plan.steps.count, actual: costs.count)
  }
  let measured = zip(plan.steps, costs).dropFirst(frame.steps.count)
  var result = KernelBenchmark(
    board: board.name, core: board.core.name, optimize: goal,
    rows: zip(cases, measured).map { subject, measured in
      row(subject.shape, subject.rounding, measured.0, measured.1, core: board.core.name)
    })
  if request.cycles {
    let objects = objectFiles(ofKernels: kernelFiles(for: plan, in: backends), in: folder)
    result.loops = try await loopCycles(
      ofObjects: objects, in: image.path, core: board.core, tools: surroundings.tools)
  }
  return result
}

/// The program that the link needs around what is measured: a sample and an output.
private func frameGraph() throws -> Graph {
  var graph = Graph(name: "kernels")
  try graph.define(
    Tensor("sample", .int8, [1, 4], quantization: .perTensor(scale: 1, zeroPoint: 0), role: .input))
  try graph.define(Tensor("answer", .float32, [1, 4]))
  graph.nodes = [Node("frame", "dequantize", inputs: ["sample"], outputs: ["answer"])]
  graph.outputs = ["answer"]
  return graph
}

private func buildKernelImage(
  _ plan: Plan, _ backends: [KernelBackend], _ settings: BuildSettings, on board: Board, folder: String,
  _ surroundings: Surroundings, console: Console
) async throws -> BuiltImage {
  let root = surroundings.root
  for file in try emitC(plan) { try writeIfChanged(file.text, to: "\(folder)/generated/\(file.name)") }
  let request = ImageRequest(
    modelSources: ["model.c", "model_data.c"].map { "\(folder)/generated/\($0)" },
    appSources: [root.kernelBenchmarkApplication],
    runtimeSources: root.runtimeSources, kernelSources: kernelFiles(for: plan, in: backends),
    includeDirectories: ["\(folder)/generated", root.kernelHeaders] + backends.map(\.folder)
      + [root.runtimeHeaders],
    defines: ["TINYSDK_PROFILE_OPERATORS": "\(plan.steps.count)"], outputDirectory: folder,
    placement: plan.placement, stackBytes: plan.stackBytes)
  let toolchain = try surroundings.toolchains.toolchain(named: settings.toolchain ?? "clang", for: board)
  defer { console.progress("") }
  return try await buildImage(
    request, board, toolchain, executor: Executor(directory: folder, tools: surroundings.tools),
    onEvent: BuildProgress(console: console).tell)
}

private func operatorCosts(
  of image: BuiltImage, _ plan: Plan, on board: Board, console: Console
) async throws -> [OperatorCost] {
  let (costs, code) = try await withEmulatedDevice(
    image.path, board: board, expecting: ModelInterface(plan), measuring: true,
    console: { console.note("\(board.name): \($0)") }
  ) { device in
    _ = try await device.infer([1, 2, 3, 4])
    return try await device.profile()
  }
  guard code == 0 else { throw LinkError.deviceEnded(exitCode: code, console: "") }
  return costs
}

private func row(
  _ shape: KernelShape, _ rounding: Rounding, _ step: Step, _ cost: OperatorCost, core: String
) -> KernelBenchmark.Row {
  let (instructions, work) = (Int(cost.cost), shape.work(step))
  let peers = shape.peers.compactMap { peer in
    peer.instructions[core].map {
      KernelBenchmark.Peer(name: peer.name, instructions: $0, ratio: Double(instructions) / Double($0))
    }
  }
  return KernelBenchmark.Row(
    shape: shape.name, rounding: rounding.rawValue, kernel: step.call.symbol, backend: step.backend,
    layout: zip(step.considered, step.verdicts).first { $0.1 == .chosen }?.0.layout,
    work: work, unit: shape.unit, instructions: instructions,
    instructionsPerUnit: Double(instructions) / Double(work), peers: peers)
}
