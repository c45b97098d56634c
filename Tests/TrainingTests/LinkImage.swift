import Boards
import Foundation
import ImageBuild
import Training

/// An image of the small model in Fixtures/Link. There is one at a time for a board and a transport.
struct LinkImage: Sendable {
  static let program = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/Fixtures/Link"
  /// Kept from one run of the tests to the next, so that only what has changed is compiled.
  private static let builds =
    URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path
    + "/.build/link-images"

  /// As Fixtures/Link/model.h says.
  static let model = ModelInterface(
    inputBytes: 49152, classes: 4, stateBytes: 10004, buildHash: Array(1...16))
  static let smallModel = ModelInterface(
    inputBytes: 1024, classes: 4, stateBytes: 604, buildHash: Array(1...16))

  /// Everything that an image needs to be built and emulated.
  static let isBuildable = ["clang", "ld.lld", "arm-none-eabi-gcc", "qemu-system-arm"].allSatisfy {
    (try? ToolLocator().locate(Tool(program: $0, install: ""))) != nil
  }
  static let skipReason = "needs clang, ld.lld, arm-none-eabi-gcc and qemu-system-arm in PATH"

  let path: String
  let model: ModelInterface
  let board: Board
  let transport: String

  /// Builds Fixtures/Link/`main`.c with the memory guard on.
  init(_ boardName: String, _ transport: String = "semihosting", main: String = "main", operators: Int = 0)
    async throws
  {
    let sdk = try SDKRoot.locate(environment: [:])
    var board = try BoardCatalog(sources: [BoardSource(kind: .builtIn, root: sdk.boards)]).board(
      named: boardName)
    board.memoryGuard = .mpu
    let toolchain = try ToolchainCatalog(folders: [sdk.toolchains]).toolchain(named: "clang")
    let isSmall = transport == "uart"
    model = isSmall ? Self.smallModel : Self.model
    var defines = isSmall ? ["SMALL_MODEL": "1"] : [:]
    if operators > 0 { defines["TINYSDK_PROFILE_OPERATORS"] = "\(operators)u" }
    let request = ImageRequest(
      modelSources: [Self.program + "/model.c"], appSources: [Self.program + "/\(main).c"],
      runtimeSources: sdk.runtimeSources, includeDirectories: [sdk.runtimeHeaders, Self.program],
      defines: defines, outputDirectory: "\(Self.builds)/\(boardName)-\(transport)-\(operators)",
      transport: transport)
    path = try await buildImage(request, board, toolchain).path
    self.board = board
    self.transport = transport
  }

  /// Runs the image; a minute is far beyond what any of these programs takes.
  func run<Value: Sendable>(
    expecting expected: ModelInterface? = nil, measuring: Bool = false,
    console: @escaping @Sendable (String) -> Void = { _ in },
    _ body: @escaping @Sendable (DeviceSession) async throws -> Value
  ) async throws -> (value: Value, exitCode: Int32) {
    try await withEmulatedDevice(
      path, board: board, transport: transport, expecting: expected ?? model, measuring: measuring,
      limit: .seconds(240),
      console: console, body: body)
  }
}

extension ModelInterface {
  /// An input whose values sum to `sum`, each at most 100.
  func input(sum: Int) -> [Int8] {
    var rest = sum
    return (0..<inputBytes).map { _ in
      let value = max(-100, min(100, rest))
      rest -= value
      return Int8(value)
    }
  }

  /// An input that begins with these words, little-endian.
  func input(words: [UInt32]) -> [Int8] {
    let bytes = words.flatMap { word in (0..<4).map { Int8(truncatingIfNeeded: word >> ($0 * 8)) } }
    return bytes + [Int8](repeating: 0, count: inputBytes - bytes.count)
  }
}
