import Foundation
import Subprocess

/// The C compiler that turns kernel folders into a shared object for this computer.
public struct HostCompiler: Equatable, Sendable {
  /// A command name looked up in `PATH`, or an absolute path.
  public var command: String
  /// Stop the process at any undefined behaviour in a kernel (signed overflow, bad shift, misaligned or
  /// out-of-range access that the compiler can see) instead of computing on. Several times slower.
  public var trapsUndefinedBehavior: Bool
  /// Let the compiler make SIMD code of the kernels' loops. Without it they run as a scalar core runs them.
  public var vectorizes: Bool

  /// - Parameters:
  ///   - command: the compiler; `TINYSDK_HOST_CC` or else `clang` when nil.
  ///   - trapsUndefinedBehavior: see the property.
  ///   - vectorizes: see the property.
  public init(command: String? = nil, trapsUndefinedBehavior: Bool = false, vectorizes: Bool = true) {
    self.command = command ?? ProcessInfo.processInfo.environment["TINYSDK_HOST_CC"] ?? "clang"
    self.trapsUndefinedBehavior = trapsUndefinedBehavior
    self.vectorizes = vectorizes
  }

  /// The compiler's options before include paths and files. Contraction is off so that every float operation
  /// is the one the contract defines; fused steps are explicit `fmaf` calls, one instruction under these
  /// flags.
  public var options: [String] {
    var options = [
      "-std=c11", "-O3", "-Wall", "-Wextra", "-Werror", "-ffp-contract=off", "-fno-math-errno",
      "-fno-strict-aliasing", "-fPIC",
    ]
    #if arch(x86_64)
      options += ["-mfma", "-mavx2"]
    #endif
    if !vectorizes { options += ["-fno-tree-vectorize", "-fno-tree-slp-vectorize"] }
    if trapsUndefinedBehavior {
      options += ["-fsanitize=undefined", "-fsanitize-trap=undefined"]
    }
    return options
  }

  /// Compiles kernels into a shared object, or finds it compiled already.
  ///
  /// The file's name is a hash of the sources, the options and the command, so that a stale one is never
  /// loaded. It appears in one step: processes that compile the same kernels at once do not disturb each
  /// other.
  ///
  /// - Parameters:
  ///   - sources: what to compile.
  ///   - cache: the folder for compiled kernels, made when missing.
  /// - Returns: the shared object.
  /// - Throws: ``KernelBridgeError`` when the compiler is missing or refuses, or the cache is not writable.
  public func sharedObject(of sources: KernelSources, cache: URL) async throws -> URL {
    let object = cache.appendingPathComponent("kernels-\(key(for: sources)).so")
    if FileManager.default.fileExists(atPath: object.path) { return object }
    try makeFolder(cache)
    let unfinished = cache.appendingPathComponent("\(UUID().uuidString).partial")
    defer { try? FileManager.default.removeItem(at: unfinished) }
    try await compile(sources, to: unfinished)
    guard rename(unfinished.path, object.path) == 0 else {
      throw KernelBridgeError.cacheNotWritable(path: object.path, reason: String(cString: strerror(errno)))
    }
    return object
  }

  private func key(for sources: KernelSources) -> String {
    let parts = [command] + options + sources.files.map(\.lastPathComponent) + [sources.contentHash]
    return String(sha256(Data(parts.joined(separator: "\n").utf8)).prefix(32))
  }

  private func makeFolder(_ folder: URL) throws {
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      throw KernelBridgeError.cacheNotWritable(path: folder.path, reason: error.localizedDescription)
    }
  }

  /// Compiles as many files at once as there are processors, then links.
  private func compile(_ sources: KernelSources, to output: URL) async throws {
    let includes = ([sources.contract] + sources.folders).map { "-I\($0.path)" }
    let objects = output.appendingPathExtension("objects")
    try makeFolder(objects)
    defer { try? FileManager.default.removeItem(at: objects) }
    // clang and gcc name the objects of several files themselves, into the working directory.
    let count = min(ProcessInfo.processInfo.activeProcessorCount, sources.files.count)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for part in 0..<count {
        let files = stride(from: part, to: sources.files.count, by: count).map { sources.files[$0].path }
        group.addTask {
          try await invoke(options + includes + ["-c"] + files, in: objects, for: sources)
        }
      }
      try await group.waitForAll()
    }
    let made = sources.files.map { $0.deletingPathExtension().lastPathComponent + ".o" }
    try await invoke(options + ["-shared", "-o", output.path] + made + ["-lm"], in: objects, for: sources)
  }

  private func invoke(_ arguments: [String], in folder: URL, for sources: KernelSources) async throws {
    let result: ExecutionResult<Void, DiscardedOutput, StringOutput<UTF8>>
    do {
      result = try await run(
        command.contains("/") ? .path(.init(command)) : .name(command), arguments: Arguments(arguments),
        workingDirectory: .init(folder.path), output: .discarded, error: .string(limit: 1 << 22))
    } catch {
      throw KernelBridgeError.compilerUnavailable(command: command, reason: "\(error)")
    }
    guard result.terminationStatus.isSuccess else {
      throw KernelBridgeError.compilationFailed(
        folders: sources.folders.map(\.path), output: result.standardError)
    }
  }
}
