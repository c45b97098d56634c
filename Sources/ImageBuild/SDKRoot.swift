import FoundationEssentials

/// The folder that the SDK's own boards, kernels, runtime and toolchains lie in: a source tree, or
/// `PREFIX/share/tinysdk` of an installation.
public struct SDKRoot: Equatable, Codable, Sendable {
  public let path: String
  /// True for a source tree, which keeps its C below `Sources`.
  private let isSourceTree: Bool

  /// - Returns: nil where `path` is not the SDK's.
  public init?(path: String) {
    func has(_ folder: String) -> Bool { FileManager.default.fileExists(atPath: "\(path)/\(folder)") }
    guard has("BSP"), has("Toolchains") else { return nil }
    isSourceTree = !has("Kernels") && has("Sources/Kernels")
    guard isSourceTree || has("Kernels") else { return nil }
    self.path = path
  }

  public var boards: String { "\(path)/BSP" }
  public var toolchains: String { "\(path)/Toolchains" }
  public var plugins: String { "\(path)/Plugins" }
  public var examples: String { "\(path)/Examples" }
  public var kernels: String { isSourceTree ? "\(path)/Sources/Kernels" : "\(path)/Kernels" }
  /// `tinysdk_kernels.h` lies here.
  public var kernelHeaders: String { "\(kernels)/API/include" }
  /// What is measured, and the peers' figures.
  public var benchmarks: String { "\(path)/Benchmarks/benchmarks.yml" }
  /// The main() of the image that measures kernels.
  public var kernelBenchmarkApplication: String { "\(path)/Benchmarks/kernels/App/main.c" }
  public var runtime: String { isSourceTree ? "\(path)/Sources/Runtime" : "\(path)/Runtime" }
  public var runtimeHeaders: String { "\(runtime)/include" }

  /// The runtime's C files, sorted.
  public var runtimeSources: [String] { Self.sources(in: runtime) }

  /// The kernel backends' folder names, sorted.
  public var kernelBackends: [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: kernels)) ?? []
    return names.filter { FileManager.default.fileExists(atPath: "\(kernels)/\($0)/kernels.yml") }.sorted()
  }

  private static func sources(in folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
      .filter { $0.hasSuffix(".c") }.map { "\(folder)/\($0)" }
  }

  /// Finds the root: `TINYSDK_ROOT`, else beside the running program (`PREFIX/bin` has
  /// `PREFIX/share/tinysdk`), else the first folder above the program or the current folder that is an
  /// SDK's.
  /// - Throws: `MissingSDKRoot`
  public static func locate(
    environment: [String: String] = ProcessInfo.processInfo.environment,
    program: String? = runningProgram,
    currentFolder: String = FileManager.default.currentDirectoryPath
  ) throws(MissingSDKRoot) -> SDKRoot {
    if let named = environment["TINYSDK_ROOT"], !named.isEmpty {
      guard let root = SDKRoot(path: named) else { throw MissingSDKRoot(named: named) }
      return root
    }
    let folder = program?.deletingLastComponent
    if let folder, let root = SDKRoot(path: "\(folder.deletingLastComponent)/share/tinysdk") { return root }
    for start in [folder, currentFolder].compactMap(\.self) {
      for above in ancestors(of: start) {
        if let root = SDKRoot(path: above) { return root }
      }
    }
    throw MissingSDKRoot(named: nil)
  }

  /// The running program's own file, symbolic links resolved.
  public static var runningProgram: String? {
    let link = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    return link ?? CommandLine.arguments.first.map { URL(filePath: $0).resolvingSymlinksInPath().path }
  }

  private static func ancestors(of path: String) -> [String] {
    var folders: [String] = []
    var rest = path
    while rest.contains("/"), !rest.isEmpty {
      folders.append(rest)
      rest = rest.deletingLastComponent
    }
    return folders
  }
}

/// There is no SDK where one was looked for.
public struct MissingSDKRoot: Error, Equatable, CustomStringConvertible {
  /// What `TINYSDK_ROOT` says, where it does.
  public var named: String?

  public init(named: String?) {
    self.named = named
  }

  public var description: String {
    if let named { return "TINYSDK_ROOT is '\(named)', which holds no BSP, Kernels and Toolchains folders" }
    return
      "cannot find the SDK's BSP, Kernels and Toolchains folders; set TINYSDK_ROOT to the folder that holds them"
  }
}
