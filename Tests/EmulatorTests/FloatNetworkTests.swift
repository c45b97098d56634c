import Foundation
import ImageBuild
import Testing
import Training
import tinysdk

/// A float32 perceptron, 64-32-10, all of which learns: `Benchmarks/digits-mlp`.
@Suite(
  .enabled(if: missingTools.isEmpty, "skipped: not installed: \(missingTools.joined(separator: ", "))"),
  .serialized)
final class FloatNetworkTests {
  private let folder = NSTemporaryDirectory() + "tinysdk-digits-mlp-" + UUID().uuidString
  private let workspace: Workspace
  private let quiet = Console(level: .quiet)

  init() throws {
    let root = try SDKRoot.locate()
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for name in ["tinysdk.yml", "App", "Model"] {
      try FileManager.default.copyItem(
        atPath: "\(root.path)/Benchmarks/digits-mlp/\(name)", toPath: "\(folder)/\(name)")
    }
    var workspace = try Workspace(folder: folder)
    workspace.project.data?.path = "\(root.examples)/digits/Data/digits.csv"
    self.workspace = workspace
  }

  deinit {
    try? FileManager.default.removeItem(atPath: folder)
  }

  @Test(.timeLimit(.minutes(10)))
  func twentyStepsLeaveTheSameStateOnEveryBoard() async throws {
    let boards = ["host", "qemu-cortex-m4", "qemu-cortex-m33", "qemu-cortex-m7", "qemu-cortex-m55"]
    let result = try await verify(
      workspace, .init(), boards: boards, steps: 20, optimizer: workspace.project.optimizer, console: quiet)
    #expect(result.isEqual, "\(result.text)")
    #expect(result.boards.allSatisfy { $0.loss > 0 })
  }

  /// AIfES takes 282,555 instructions.
  @Test(.timeLimit(.minutes(10)), arguments: ["qemu-cortex-m4", "qemu-cortex-m7"])
  func aStepTakesAtMostTwentyThousandInstructions(board: String) async throws {
    let measured = try await benchmark(workspace, BuildSettings(board: board), console: quiet)
    #expect(measured.trainingStepInstructions <= 20_000)
    #expect(measured.trainingStepInstructions > measured.inferenceInstructions)
    #expect(measured.operators.map(\.kind).filter { $0.contains("update") }.count == 4)
  }

  /// AIfES takes 37,652 bytes. Here: everything static in the image, the link included, and the deepest stack
  /// of 20 steps, from the program's entry.
  @Test(.timeLimit(.minutes(10)), arguments: ["qemu-cortex-m4", "qemu-cortex-m7"])
  func trainingTakesAtMost10500BytesOfRAM(board: String) async throws {
    let program = """
      #include "model.h"
      #include "tinysdk.h"
      #include "tinysdk_platform.h"

      int main(void) {
        model_init();
        model_set_learning_rate(0.05f);
        tinysdk_stack_paint();
        for (int32_t step = 0; step < 20; ++step) {
          for (int32_t i = 0; i < 64; ++i)
            model_input()[i] = (float)((step + i) % 17) / 16.0f;
          (void)model_train_step(step % 10);
        }
        return (int)(tinysdk_stack_used() / 4);
      }
      """
    try program.write(toFile: "\(folder)/App/main.c", atomically: true, encoding: .utf8)
    let built = try await buildProject(workspace, BuildSettings(board: board), console: quiet)
    let exit = try await runEmulator(
      EmulatorPlan(board: built.board, image: built.image.path), limit: .seconds(60)
    ) { _ in }
    guard case .exited(let words) = exit else {
      Issue.record("\(exit)")
      return
    }
    let sizes = try #require(built.image.sizes)
    let stack = 4 * Int(words)
    #expect(stack > 100)
    #expect(sizes.sramBytes - sizes.stackBytes + stack <= 10_500, "\(sizes), \(stack) of stack")
    #expect(sizes.stateBytes == 4 * (64 * 32 + 32 + 32 * 10 + 10))
  }

  @Test(.timeLimit(.minutes(10)))
  func itLearnsTheDigits() async throws {
    let settings = BuildSettings(board: "host")
    let built = try await buildProject(workspace, settings, console: quiet)
    let data = try loadData(workspace, for: built.plan)
    #expect(data.train.count == 1500 && data.heldOut.count == 297)
    let job = try TrainingJob(built, data: data, optimizer: workspace.project.optimizer)
    let outcome = try await job.run(transport: nil, console: quiet)
    let report = try job.keep(outcome, save: nil, historyFolder: built.folder, model: "digits-mlp")
    #expect(report.summary.accuracyAfter >= 0.95)
  }
}
