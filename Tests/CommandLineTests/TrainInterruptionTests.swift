import Foundation
import Testing
import tinysdk

@Suite(
  .enabled(
    if: installed("clang", "ld.lld", "qemu-system-arm"),
    "skipped: clang, ld.lld or qemu-system-arm is not installed"))
struct TrainInterruptionTests {
  @Test(.timeLimit(.minutes(10)))
  func interruptedTrainingLeavesNoEmulatorAndNoState() throws {
    try withDigitsProject { project in
      let errors = Pipe()
      let process = try startTool(
        ["train", "--project", project, "--held-out", "3", "--epochs", "1000"], output: Pipe(), errors: errors
      )
      defer { process.terminate() }
      var told = ""
      while !told.contains("before: held-out accuracy"), process.isRunning {
        told += String(decoding: errors.fileHandleForReading.availableData, as: UTF8.self)
      }
      try #require(told.contains("before:"), Comment(rawValue: told))
      #expect(emulators(of: project).count == 1)
      process.interrupt()
      process.waitUntilExit()
      #expect(process.terminationStatus == CommandExit.interrupted.rawValue)
      #expect(emulators(of: project) == [])
      let made = FileManager.default.enumerator(atPath: "\(project)/build")?.allObjects as? [String] ?? []
      #expect(!made.contains { $0.contains("tinystate") || $0.contains("history") })
    }
  }

  /// The running emulators that were given an image of the project.
  private func emulators(of project: String) -> [String] {
    let processes = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return processes.filter { Int($0) != nil }.compactMap { try? read("/proc/\($0)/cmdline") }
      .filter { $0.hasPrefix("qemu-system-arm") || $0.contains("/qemu-system-arm\0") }
      .filter { $0.contains(project) }
  }
}
