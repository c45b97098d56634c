import Foundation
import ImageBuild
import Testing

struct SlurmArrayTests {
  /// A new folder of programs that stand in for Slurm's and write down how they are called.
  private func standIns(sbatch: String, squeue: String) throws -> String {
    let folder = NSTemporaryDirectory() + "slurm-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for (name, body) in [("sbatch", sbatch), ("squeue", squeue), ("scancel", "")] {
      let text = "#!/bin/sh\necho \(name) \"$@\" >> \(folder)/calls\n\(body)\n"
      try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: "\(folder)/\(name)")
    }
    return folder
  }

  /// What the programs were called with during an array of three tasks.
  private func run(sbatch: String, squeue: String, poll: @escaping () -> Bool = { false }) async throws
    -> [String]
  {
    let folder = try standIns(sbatch: sbatch, squeue: squeue)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let array = SlurmArray(
      name: "trials", count: 3, command: ["/a tool", "it's", "--task", "%a"], folder: folder)
    try await array.run(
      tools: ToolLocator(environment: ["PATH": folder]), every: .milliseconds(10), poll: poll)
    let calls = try String(contentsOfFile: "\(folder)/calls", encoding: .utf8)
    let script = try String(contentsOfFile: "\(folder)/task.sh", encoding: .utf8)
    #expect(script == "#!/bin/sh\nexec '/a tool' 'it'\\''s' '--task' \"$SLURM_ARRAY_TASK_ID\"\n")
    return calls.replacingOccurrences(of: folder, with: "F").split(separator: "\n").map(String.init)
  }

  @Test func waitsUntilNothingIsLeftInTheQueue() async throws {
    let calls = try await run(
      sbatch: "echo '42;main'", squeue: "test -e $0.1 || { touch $0.1; echo running; }")
    #expect(
      calls == [
        "sbatch --parsable --job-name trials --array 0-2 --cpus-per-task 1 --output F/task-%a.log --requeue F/task.sh",
        "squeue --noheader --jobs 42", "squeue --noheader --jobs 42",
      ])
  }

  @Test func aJobThatTheQueueHasForgottenIsDone() async throws {
    let calls = try await run(
      sbatch: "echo 42", squeue: "echo 'slurm_load_jobs error: Invalid job id specified' >&2; exit 1")
    #expect(calls.count == 2)
  }

  @Test func aRefusalIsOneClearError() async throws {
    let error = await #expect(throws: SlurmError.self) {
      _ = try await run(sbatch: "echo 'sbatch: error: no partition' >&2; exit 1", squeue: "")
    }
    #expect(error?.description.contains("no partition") == true)
    #expect(error?.description.hasSuffix("see whether a cluster is there: sinfo") == true)
  }

  @Test func cancellingCancelsTheJob() async throws {
    let folder = try standIns(sbatch: "echo 7", squeue: "echo running")
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let array = SlurmArray(name: "trials", count: 1, command: ["true"], folder: folder)
    let tools = ToolLocator(environment: ["PATH": folder])
    let waiting = Task { try await array.run(tools: tools, every: .milliseconds(10)) { false } }
    while (try? String(contentsOfFile: "\(folder)/calls", encoding: .utf8).contains("squeue")) != true {
      try await Task.sleep(for: .milliseconds(5))
    }
    waiting.cancel()
    await #expect(throws: CancellationError.self) { try await waiting.value }
    #expect(try String(contentsOfFile: "\(folder)/calls", encoding: .utf8).hasSuffix("scancel 7\n"))
  }
}
