import Boards
import FoundationEssentials
import Subprocess

#if canImport(System)
  import System
#else
  import SystemPackage
#endif

extension Toolchain {
  /// The toolchain with its sysroot for `board`, asked from the cross compiler that knows it.
  /// - Throws: `MissingTool`, or `MissingSysroot` where that compiler has no C library for the board's core.
  public func located(for board: Board, tools: ToolLocator = ToolLocator()) async throws -> Toolchain {
    guard let sysrootTool else { return self }
    let program = try tools.locate(sysrootTool)
    let flags = board.core.flags["gcc"] ?? []
    func ask(_ question: String) async throws -> String {
      let result = try await Subprocess.run(
        .path(FilePath(program)), arguments: Arguments(flags + [question]), output: .string(limit: 1 << 16))
      return result.standardOutput.trimmingWhitespace
    }
    let library = try await ask("-print-file-name=libc.a")
    let support = try await ask("-print-libgcc-file-name")
    let variant = try await ask("-print-multi-directory")
    // The library lies in PREFIX/lib/VARIANT, the headers of that library in PREFIX/include.
    let libraryFolder = library.deletingLastComponent
    let depth = variant == "." ? 1 : variant.split(separator: "/").count + 1
    let prefix = (0..<depth).reduce(libraryFolder) { folder, _ in folder.deletingLastComponent }
    let include = "\(prefix)/include"
    guard FileManager.default.fileExists(atPath: library),
      FileManager.default.fileExists(atPath: "\(include)/string.h")
    else { throw MissingSysroot(tool: sysrootTool, core: board.core.name, variant: variant) }
    var located = self
    located.sysroot = Sysroot(
      includeDirectories: [include],
      libraryDirectories: [libraryFolder, support.deletingLastComponent])
    return located
  }
}

/// The cross compiler has no C library for a core.
public struct MissingSysroot: Error, Equatable, CustomStringConvertible {
  public var tool: Tool
  public var core: String
  /// The library variant that the core needs.
  public var variant: String

  public init(tool: Tool, core: String, variant: String) {
    self.tool = tool
    self.core = core
    self.variant = variant
  }

  public var description: String {
    "'\(tool.program)' has no C library for \(core) (variant \(variant)); it comes with \(tool.install)"
  }
}

extension String {
  fileprivate var trimmingWhitespace: String {
    let kept = drop(while: \.isWhitespace)
    return String(kept.reversed().drop(while: \.isWhitespace).reversed())
  }

  /// Everything before the last slash.
  var deletingLastComponent: String { lastIndex(of: "/").map { String(self[..<$0]) } ?? "." }

  /// Everything after the last slash.
  var lastComponent: String { lastIndex(of: "/").map { String(self[index(after: $0)...]) } ?? self }
}
