import Boards
import FoundationEssentials

/// A built image with what is known about it.
public struct BuiltImage: Equatable, Codable, Sendable {
  /// The ELF file, or for the host the shared object.
  public var path: String
  public var work: Executor.Summary
  /// Nil for the host.
  public var sizes: SizeReport?
  /// Nil for the host, and where the toolchain reports no stack usage.
  public var stack: StackBound?
}

/// Plans and builds an image and measures it. Nothing that is up to date is done again.
/// - Throws: whatever `planImage`, `Toolchain.located(for:)` and `Executor.run` throw, and `ELFError`.
public func buildImage(
  _ request: ImageRequest, _ board: Board, _ toolchain: Toolchain, executor: Executor? = nil,
  onEvent: (Executor.Event) -> Void = { _ in }
) async throws -> BuiltImage {
  let executor = executor ?? Executor(directory: request.outputDirectory)
  let located = board.isHost ? toolchain : try await toolchain.located(for: board, tools: executor.tools)
  let jobs = try planImage(request, board, located)
  let work = try await executor.run(jobs, onEvent: onEvent)
  let path = request.product(for: board)
  guard !board.isHost else { return BuiltImage(path: path, work: work) }
  let image = try ELFFile(contentsOf: path)
  if case .probe = board.run {
    try writeAtomically(Data(try image.rawImage()), to: rawImagePath(of: path))
  }
  let objects = jobs.filter { $0.kind == .compile }.compactMap(\.outputs.first)
  let exceptions = ["tinysdk_fault_entry", "tinysdk_systick_interrupt"]
  return BuiltImage(
    path: path, work: work, sizes: SizeReport(image: image, board: board),
    stack: try StackBound(objectPaths: objects, exceptions: exceptions))
}
