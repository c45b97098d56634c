import Boards
import ImageBuild
import Testing
import Training

private let hasCompiler = (try? ToolLocator().locate(Tool(program: "clang", install: ""))) != nil

@Suite(.enabled(if: hasCompiler, "needs clang in PATH"))
struct HostTwinTests {
  private let folder: TemporaryFolder
  private let library: String

  init() async throws {
    let sdk = try SDKRoot.locate(environment: [:])
    let board = try BoardCatalog(sources: [BoardSource(kind: .builtIn, root: sdk.boards)]).board(
      named: "host")
    let toolchain = try ToolchainCatalog(folders: [sdk.toolchains]).toolchain(for: board)
    folder = try TemporaryFolder()
    let request = ImageRequest(
      modelSources: [LinkImage.program + "/model.c"], includeDirectories: [LinkImage.program],
      outputDirectory: folder.path)
    library = try await buildImage(request, board, toolchain).path
  }

  private func twin() throws -> HostTwin {
    try HostTwin(loading: library, expecting: LinkImage.model)
  }

  @Test func learnsAndAnswersLikeTheDevice() async throws {
    let twin = try twin()
    #expect(
      try await twin.train(LinkImage.model.input(sum: 1001), label: 3, rate: 0.5)
        == TrainingStep(loss: 1.5, prediction: 1))
    #expect(
      try await twin.infer(LinkImage.model.input(sum: 6))
        == Inference(prediction: 3, outputs: [1007, 1008, 1009, 1010]))
    let learned = await twin.readState()
    await twin.reset()
    #expect(await twin.readState() != learned)
    try await twin.writeState(learned)
    #expect(await twin.readState() == learned)
  }

  @Test func instancesShareNothing() async throws {
    let (one, other) = (try twin(), try twin())
    let initial = await other.readState()
    _ = try await one.train(
      [LinkImage.model.input(sum: 3), LinkImage.model.input(sum: 4)].map {
        .init(input: $0, label: 0, rate: 1)
      })
    #expect(await other.readState() == initial)
    #expect(await one.readState().prefix(4) == [7, 0, 0, 0])
  }

  @Test func anotherBuildIsRefused() {
    var other = LinkImage.model
    other.buildHash[0] = 0
    #expect(throws: LinkError.self) { try HostTwin(loading: library, expecting: other) }
  }

  @Test func badSamplesAreRefused() async throws {
    let twin = try twin()
    await #expect(throws: TrainingDeviceError.wrongInputSize(expected: 49152, actual: 1)) {
      try await twin.infer([1])
    }
    await #expect(throws: TrainingDeviceError.labelOutOfRange(label: 4, classes: 4)) {
      try await twin.train(LinkImage.model.input(sum: 0), label: 4, rate: 1)
    }
  }

  @Test func aFileThatIsNoModelIsOneClearError() throws {
    let text = try folder.write("text.so", "no shared object")
    #expect(throws: ModelLibraryError.self) { try HostTwin(loading: text, expecting: LinkImage.model) }
    #expect(throws: ModelLibraryError.self) { try HostTwin(loading: text + "x", expecting: LinkImage.model) }
  }
}
