import Foundation
import Testing
import tinysdk

struct InterruptionTests {
  /// A compiler that starts a child, says that it runs, and waits for ever.
  private func patientCompiler(_ folder: String) -> String {
    """
    #!/bin/sh
    sleep 1000 &
    echo $! > "\(folder)/child"
    mv "\(folder)/child" "\(folder)/running"
    wait
    """
  }

  @Test func interruptedBuildsLeaveNoProcessAndNoHalfWrittenFile() throws {
    try withDigitsProject { project in
      #expect(try runTool("plan", "--project", project).status == 0)
      let tools = "\(project)/tools"
      try write(patientCompiler(project), to: "\(tools)/clang")
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: "\(tools)/clang")
      let path = "\(tools):\(ProcessInfo.processInfo.environment["PATH"] ?? "")"
      let errors = Pipe()
      let process = try startTool(
        ["build", "--project", project, "--board", "host"], environment: ["PATH": path], output: Pipe(),
        errors: errors)
      while !FileManager.default.fileExists(atPath: "\(project)/running"), process.isRunning {
        usleep(20_000)
      }
      let text = try read("\(project)/running")
      let child = try #require(Int32(text.trimmingCharacters(in: .whitespacesAndNewlines)))
      process.interrupt()
      process.waitUntilExit()
      #expect(process.terminationStatus == CommandExit.interrupted.rawValue)
      #expect(errors.fileHandleForReading.readDataToEndOfFile() == Data("error: interrupted\n".utf8))
      #expect(!isRunning(child))
      let made = FileManager.default.enumerator(atPath: "\(project)/build")?.allObjects as? [String] ?? []
      #expect(!made.contains { $0.hasSuffix(".o") || $0.contains(".staging/") })
    }
  }

  /// A process that has ended and is not yet waited for counts as ended.
  private func isRunning(_ process: Int32) -> Bool {
    guard let stat = try? read("/proc/\(process)/stat") else { return false }
    return stat.split(separator: ")").last?.split(separator: " ").first != "Z"
  }
}
