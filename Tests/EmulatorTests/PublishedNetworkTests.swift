import Foundation
import ImageBuild
import Testing
import tinysdk

private let shared = (try? SDKRoot.locate().path).map { $0 + "/../shared" } ?? ""
private let missingParts: [String] =
  missingTools
  + ["models/mcunet-5fps.onnx", "data/flowers5/labels.csv"].map { "\(shared)/\($0)" }.filter {
    !FileManager.default.fileExists(atPath: $0)
  }

/// The paper's network, learning by its 49 KB scheme in the emulated Cortex-M7.
@Suite(
  .enabled(if: missingParts.isEmpty, "skipped: missing: \(missingParts.joined(separator: ", "))"), .serialized
)
struct PublishedNetworkTests {
  private let quiet = Console(level: .quiet)

  /// A project over the shared network and photos, in a folder of its own.
  private func workspace(classes: Int) throws -> (workspace: Workspace, folder: String) {
    let folder = NSTemporaryDirectory() + "tinysdk-mcunet-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let benchmark = try SDKRoot.locate().path + "/Benchmarks/mcunet"
    for name in ["tinysdk.yml", "App"] {
      try FileManager.default.copyItem(atPath: "\(benchmark)/\(name)", toPath: "\(folder)/\(name)")
    }
    var workspace = try Workspace(folder: folder)
    workspace.project.model = "\(shared)/models/mcunet-5fps.onnx"
    workspace.project.data?.path = "\(shared)/data/flowers5"
    workspace.project.classes = .count(classes)
    return (workspace, folder)
  }

  /// TinyEngine needs 252,832 B for the same step.
  @Test(.timeLimit(.minutes(10)))
  func tenClassesLearnWithin215Kilobytes() async throws {
    let (workspace, folder) = try workspace(classes: 10)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let measured = try await benchmark(
      workspace, BuildSettings(board: "qemu-cortex-m7"), console: quiet)
    #expect(measured.sramStaticBytes + measured.stackBytes <= 215_000)
    #expect(measured.sramStaticBytes > 64 * 64 * 40 && measured.stackBytes > 0)
  }

  /// One build of the network, and the most instructions that it may take.
  struct Limit: CustomTestStringConvertible, Sendable {
    var settings: BuildSettings
    var inference: Int
    var step: Int

    var testDescription: String {
      [settings.board ?? "", settings.rounding?.rawValue ?? "", settings.gradients?.rawValue ?? ""]
        .joined(separator: ", ")
    }
  }

  static let limits = [
    Limit(
      settings: .init(
        board: "qemu-cortex-m7", gradients: .int8, rounding: .single, optimize: .instructions),
      inference: 25_000_000, step: 36_000_000),
    Limit(
      settings: .init(
        board: "qemu-cortex-m7", gradients: .float32, rounding: .tflite, optimize: .instructions),
      inference: 31_000_000, step: 42_000_000),
    Limit(
      settings: .init(board: "qemu-cortex-m7", gradients: .float32, rounding: .single, optimize: .cycles),
      inference: 29_000_000, step: 46_000_000),
    Limit(
      settings: .init(board: "qemu-cortex-m55", gradients: .float32, rounding: .single),
      inference: 12_000_000, step: 20_000_000),
  ]

  /// TinyEngine needs 65.0 M instructions for an inference and 106.4 M for a step on the Cortex-M7.
  @Test(.timeLimit(.minutes(10)), arguments: limits)
  func inferenceAndStepTakeFewInstructions(limit: Limit) async throws {
    let (workspace, folder) = try workspace(classes: 5)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let measured = try await benchmark(workspace, limit.settings, console: quiet)
    #expect((1_000_000...limit.inference).contains(measured.inferenceInstructions))
    #expect((1_000_000...limit.step).contains(measured.trainingStepInstructions))
  }

  @Test(.timeLimit(.minutes(10)))
  func photosLeaveTheSameStateOnEveryBoard() async throws {
    let (workspace, folder) = try workspace(classes: 5)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let boards = ["host", "qemu-cortex-m4", "qemu-cortex-m33", "qemu-cortex-m7", "qemu-cortex-m55"]
    let result = try await verify(
      workspace, .init(), boards: boards, steps: 5, optimizer: workspace.project.optimizer, console: quiet)
    #expect(result.isEqual, "\(result.text)")
    #expect(result.boards.allSatisfy { $0.loss > 0 })
  }
}
