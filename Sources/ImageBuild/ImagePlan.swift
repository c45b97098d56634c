import Boards

/// Everything that has to be done for an image, in an order in which it can be done: generated files, one
/// compile job per source, the link. No tool runs and no file is read.
/// - Throws: `PlacementError`, `UnknownTransport`, `MissingFlags`, `MissingSysrootLocation`
public func planImage(_ request: ImageRequest, _ board: Board, _ toolchain: Toolchain) throws -> [Job] {
  let environment = try CompileEnvironment(request, board, toolchain)
  if board.isHost {
    let objects = compileJobs(
      request.modelSources + request.kernelSources, environment, "objects", strict: true)
    return objects + [linkSharedObject(objects, request, toolchain)]
  }
  let jobs =
    compileJobs(request.modelSources, environment, "model", strict: true)
    + compileJobs(request.kernelSources, environment, "kernels", strict: true)
    + compileJobs(request.runtimeSources, environment, "runtime", strict: true)
    + compileJobs(request.appSources, environment, "app", strict: false)
  return try generatedFiles(request, board) + jobs + [linkImage(jobs, request, board, toolchain)]
}

private func generatedFiles(_ request: ImageRequest, _ board: Board) throws -> [Job] {
  guard
    let placement = request.placement ?? MemoryPlacement(default: board, stackBytes: request.stackBytes)
  else { throw PlacementError(board: board.name, problems: ["it has no memory regions"]) }
  return [
    Job(
      kind: .write, outputs: [request.linkerScriptPath],
      text: try linkerScript(for: board, placement: placement)),
    Job(
      kind: .write, outputs: [request.boardHeaderPath],
      text: try boardHeader(for: board, transport: request.transport)),
  ]
}

/// What the compile jobs of one image share.
struct CompileEnvironment {
  var tool: Tool
  var outputDirectory: String
  var flags: [String]
  var warnings: [String]
  var includes: [Job.Argument]
  var reportsStack: Bool
  /// Generated headers that any source may include.
  var headers: [String]

  init(_ request: ImageRequest, _ board: Board, _ toolchain: Toolchain) throws {
    tool = toolchain.compiler
    outputDirectory = request.outputDirectory
    warnings = toolchain.warningFlags
    reportsStack = toolchain.compileFlags.contains("-fstack-usage")
    headers = board.isHost ? [] : [request.boardHeaderPath]
    flags =
      try Self.targetFlags(board, toolchain) + toolchain.compileFlags
      + request.defines.sorted { $0.key < $1.key }.map { "-D\($0.key)=\($0.value)" }
    let generated = board.isHost ? [] : [request.boardHeaderPath.deletingLastComponent]
    includes = (generated + request.includeDirectories).flatMap { [.flag("-I"), .path($0)] }
    let system = try Self.sysroot(toolchain)?.includeDirectories ?? []
    includes += system.flatMap { [.flag("-isystem"), .path($0)] }
  }

  static func targetFlags(_ board: Board, _ toolchain: Toolchain) throws -> [String] {
    if board.isHost { return toolchain.machineFlags[hostArchitecture] ?? [] }
    guard let flags = board.core.flags[toolchain.kind.rawValue] else {
      throw MissingFlags(core: board.core.name, kind: toolchain.kind.rawValue)
    }
    return (toolchain.kind == .clang ? ["--target=\(board.core.target)"] : []) + flags
  }

  static func sysroot(_ toolchain: Toolchain) throws -> Toolchain.Sysroot? {
    guard let tool = toolchain.sysrootTool else { return nil }
    guard let sysroot = toolchain.sysroot else { throw MissingSysrootLocation(tool: tool) }
    return sysroot
  }
}

private func compileJobs(
  _ sources: [String], _ environment: CompileEnvironment, _ folder: String, strict: Bool
) -> [Job] {
  var names: [String: Int] = [:]
  return sources.map { source in
    let name = source.lastComponent
    names[name, default: 0] += 1
    // A second file of the same name gets a number, so that no object overwrites another.
    let numbered = names[name].flatMap { $0 > 1 ? "\(name)-\($0)" : name } ?? name
    let object = "\(environment.outputDirectory)/\(folder)/\(numbered)"
    return compileJob(source, environment, object, strict: strict)
  }
}

private func compileJob(
  _ source: String, _ environment: CompileEnvironment, _ stem: String, strict: Bool
) -> Job {
  let warnings = environment.warnings.filter { strict || $0 != "-Werror" }
  let outputs = ["\(stem).o", "\(stem).d"] + (environment.reportsStack ? ["\(stem).su"] : [])
  return Job(
    kind: .compile, tool: environment.tool,
    arguments: (environment.flags + warnings).map(Job.Argument.flag) + environment.includes + [
      .flag("-MD"), .flag("-MF"), .path("\(stem).d"), .flag("-c"), .path(source), .flag("-o"),
      .path("\(stem).o"),
    ],
    inputs: [source] + environment.headers, outputs: outputs, dependencies: "\(stem).d")
}

private func linkImage(
  _ objects: [Job], _ request: ImageRequest, _ board: Board, _ toolchain: Toolchain
) throws -> Job {
  let files = objects.compactMap(\.outputs.first)
  let script = request.linkerScriptPath
  var arguments: [Job.Argument]
  if toolchain.kind == .clang {
    let libraries = try CompileEnvironment.sysroot(toolchain)?.libraryDirectories ?? []
    arguments = toolchain.linkFlags.map(Job.Argument.flag)
    arguments += [.flag("-T"), .path(script), .joined("-Map=", path: request.mapPath)]
    arguments += files.map(Job.Argument.path)
    arguments += libraries.flatMap { [Job.Argument.flag("-L"), .path($0)] }
    arguments += ["--start-group", "-lc", "-lgcc", "--end-group"].map(Job.Argument.flag)
  } else {
    arguments = (try CompileEnvironment.targetFlags(board, toolchain) + toolchain.linkFlags).map(
      Job.Argument.flag)
    arguments += [.flag("-T"), .path(script), .joined("-Wl,-Map,", path: request.mapPath)]
    arguments += files.map(Job.Argument.path)
    arguments += ["-Wl,--start-group", "-lc", "-lgcc", "-Wl,--end-group"].map(Job.Argument.flag)
  }
  arguments += [.flag("-o"), .path(request.imagePath)]
  return Job(
    kind: .link, tool: toolchain.linker, arguments: arguments, inputs: [script] + files,
    outputs: [request.imagePath, request.mapPath])
}

private func linkSharedObject(_ objects: [Job], _ request: ImageRequest, _ toolchain: Toolchain) -> Job {
  let files = objects.compactMap(\.outputs.first)
  return Job(
    kind: .link, tool: toolchain.linker,
    arguments: toolchain.linkFlags.map(Job.Argument.flag) + files.map(Job.Argument.path)
      + [.flag("-o"), .path(request.sharedObjectPath)],
    inputs: files, outputs: [request.sharedObjectPath])
}

/// The architecture that this program was compiled for, as target triples call it.
var hostArchitecture: String {
  #if arch(x86_64)
    "x86_64"
  #elseif arch(arm64)
    "aarch64"
  #else
    "other"
  #endif
}

/// A core has no flags for a kind of toolchain.
public struct MissingFlags: Error, Equatable, CustomStringConvertible {
  public var core: String
  public var kind: String

  public init(core: String, kind: String) {
    self.core = core
    self.kind = kind
  }

  public var description: String {
    "core '\(core)' has no flags for \(kind); add 'flags: {\(kind): [...]}' to its file in Cores"
  }
}

/// A toolchain was planned with before its sysroot was looked for.
public struct MissingSysrootLocation: Error, Equatable, CustomStringConvertible {
  public var tool: Tool

  public init(tool: Tool) {
    self.tool = tool
  }

  public var description: String {
    "the C library has not been located; '\(tool.program)' from \(tool.install) knows where it is"
  }
}
