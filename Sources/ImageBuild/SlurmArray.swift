import FoundationEssentials
import Subprocess

#if canImport(System)
  import System
#else
  import SystemPackage
#endif

/// An array job of Slurm (slurm.schedmd.com/job_array.html): one command that runs once for each index.
public struct SlurmArray: Sendable, Equatable {
  /// Shown by `squeue`.
  public var name: String
  /// Tasks 0 ..< `count`; each finds its number in `SLURM_ARRAY_TASK_ID`.
  public var count: Int
  /// The program and its arguments. The words `%a` stand for the task's number.
  public var command: [String]
  /// Where each task's output goes.
  public var folder: String
  /// Cores of one task.
  public var cores: Int

  public init(name: String, count: Int, command: [String], folder: String, cores: Int = 1) {
    self.name = name
    self.count = count
    self.command = command
    self.folder = folder
    self.cores = cores
  }

  static let sbatch = Tool(program: "sbatch", install: "the Debian package slurm-client")
  static let scancel = Tool(program: "scancel", install: "the Debian package slurm-client")
  static let squeue = Tool(program: "squeue", install: "the Debian package slurm-client")

  /// The script that `sbatch` reads.
  var script: String {
    let words = command.map { $0 == "%a" ? "\"$SLURM_ARRAY_TASK_ID\"" : quoted($0) }
    return "#!/bin/sh\nexec \(words.joined(separator: " "))\n"
  }

  var submission: [String] {
    [
      "--parsable", "--job-name", name, "--array", "0-\(count - 1)", "--cpus-per-task", "\(cores)",
      "--output", "\(folder)/task-%a.log", "--requeue", "\(folder)/task.sh",
    ]
  }

  private func quoted(_ word: String) -> String { "'" + word.replacing("'", with: "'\\''") + "'" }

  /// Submits the tasks and waits until none is queued or running, however each ended. Cancelling the wait
  /// cancels the job.
  /// - Parameter poll: called between looks at the queue; true ends the wait early.
  /// - Throws: `MissingTool`, `SlurmError` where the job is refused.
  public func run(tools: ToolLocator, every interval: Duration = .seconds(1), poll: () -> Bool) async throws {
    try writeAtomically(Data(script.utf8), to: "\(folder)/task.sh")
    let job = try await ask(Self.sbatch, submission, tools)
    let number = String(job.prefix { $0 != ";" && $0 != "\n" })
    do {
      while !poll() {
        try await Task.sleep(for: interval)
        // A queue that cannot be read for a moment is no reason to give up.
        let left = try? await ask(Self.squeue, ["--noheader", "--jobs", number], tools)
        if let left, left.isEmpty { break }
      }
      _ = poll()
    } catch {
      _ = try? await Task.detached { try await ask(Self.scancel, [number], tools) }.value
      throw error
    }
  }

  private func ask(_ tool: Tool, _ arguments: [String], _ tools: ToolLocator) async throws -> String {
    let result = try await Subprocess.run(
      .path(FilePath(try tools.locate(tool))), arguments: Arguments(arguments),
      output: .string(limit: 1 << 20),
      error: .string(limit: 1 << 16))
    guard result.terminationStatus.isSuccess else {
      let complaint = result.standardError
      // A job that has left the queue is unknown to squeue.
      if tool == Self.squeue, complaint.contains("Invalid job id") { return "" }
      throw SlurmError(
        command: ([tool.program] + arguments).joined(separator: " "),
        reason: complaint.isEmpty ? result.terminationStatus.text : complaint)
    }
    return result.standardOutput
  }
}

/// Slurm refused.
public struct SlurmError: Error, Equatable, CustomStringConvertible {
  public var command: String
  public var reason: String

  public var description: String {
    "Slurm refused '\(command)': \(reason.trimmingSpace)\nsee whether a cluster is there: sinfo"
  }
}

extension String {
  fileprivate var trimmingSpace: String {
    String(drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
  }
}
