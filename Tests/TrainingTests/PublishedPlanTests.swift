import Boards
import Compiler
import Foundation
import Graph
import Importers
import Testing
import Training

private let cases: [(network: String, scheme: String, fitsWithResidual: Bool)] = [
  ("mcunet-5fps", "49KB", true), ("mcunet-5fps", "74KB", true), ("mcunet-5fps", "99KB", true),
  ("mcunet-5fps", "124KB", true), ("mcunet-5fps", "148KB", false), ("mbv2-w0.35", "49KB", true),
  ("mbv2-w0.35", "73KB", true), ("mbv2-w0.35", "99KB", false), ("mbv2-w0.35", "123KB", false),
  ("mbv2-w0.35", "138KB", false),
]

/// The published schemes on the board of the paper, with the kernels' own scratch.
@Suite(.enabled(if: sharedFolder != nil, "skipped: ../shared with the networks is absent"))
struct PublishedPlanTests {
  private func board() throws -> Board {
    let root = try #require(packageFolder).appendingPathComponent("BSP").path
    return try BoardCatalog(sources: [BoardSource(kind: .builtIn, root: root)]).board(
      named: "stm32f746g-disco")
  }

  private func model(_ network: String) throws -> Graph {
    let path = try #require(sharedFolder).appendingPathComponent("models/\(network).onnx").path
    return try importONNX(path: path).graph
  }

  @Test(arguments: cases)
  func everySchemeFitsWithoutResidualBits(network: String, scheme: String, _: Bool) async throws {
    let kernels = try await hostKernels.value
    let options = CompileOptions(classes: 10, update: .named(scheme), residual: .none)
    let plan = try compile(try model(network), options, for: try board(), ask: kernels.answers)
    #expect(plan.placement != nil)
    print(
      "\(network) \(scheme): arena \(plan.arena.bytes) (bound \(plan.arena.lowerBound)), state \(plan.stateBytes)"
    )
  }

  @Test(arguments: cases)
  func eightResidualBitsFitOrAreRefusedWithAWayOut(
    network: String, scheme: String, fitsWithResidual: Bool
  ) async throws {
    let kernels = try await hostKernels.value
    let options = CompileOptions(classes: 10, update: .named(scheme))
    let (model, board) = (try model(network), try board())
    do {
      _ = try compile(model, options, for: board, ask: kernels.answers)
      #expect(fitsWithResidual, "\(network) \(scheme) should not fit")
    } catch var error as DoesNotFit {
      #expect(!fitsWithResidual, "\(network) \(scheme): \(error)")
      #expect(error.overBytes > 0)
      error.alternatives = fittingAlternatives(model, options, for: board, ask: kernels.answers)
      #expect(error.alternatives.first == "--update \(scheme) --residual 0")
      #expect(error.description.contains("what would fit: --update \(scheme) --residual 0"))
    }
  }
}
