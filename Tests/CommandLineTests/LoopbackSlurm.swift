import Foundation
import ImageBuild

/// A cluster of this machine alone, in a folder of its own, as whoever runs the tests.
final class LoopbackSlurm {
  /// What it needs beside Swift, as far as it is missing.
  static let missing = ["sbatch", "squeue", "slurmctld", "slurmd", "munged"].filter { program in
    ["/usr/sbin/", "/usr/bin/"].allSatisfy {
      !FileManager.default.isExecutableFile(atPath: $0 + program)
    }
  }

  /// What a program needs in its environment to find the cluster.
  let environment: [String: String]
  private let folder: String
  private var daemons: [Process] = []

  init(folder: String) throws {
    self.folder = folder
    environment = ["SLURM_CONF": "\(folder)/slurm.conf"]
    for name in ["state", "spool"] {
      try FileManager.default.createDirectory(
        atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
    }
    var generator = SystemRandomNumberGenerator()
    let key = Data((0..<128).map { _ in UInt8.random(in: 0...255, using: &generator) })
    FileManager.default.createFile(
      atPath: "\(folder)/key", contents: key, attributes: [.posixPermissions: 0o400])
    try configuration.write(toFile: "\(folder)/slurm.conf", atomically: true, encoding: .utf8)
    try start(
      "munged",
      [
        "--foreground", "--force", "--key-file=\(folder)/key", "--socket=\(folder)/munge",
        "--pid-file=\(folder)/munge.pid", "--log-file=\(folder)/munge.log", "--seed-file=\(folder)/seed",
      ])
    try wait("the authentication's socket") {
      FileManager.default.fileExists(atPath: "\(folder)/munge")
    }
    try start("slurmctld", ["-D", "-c"])
    try start("slurmd", ["-D", "-N", "localhost"])
    try wait("the node") { answer("sinfo", ["--noheader", "--format=%T"]).hasPrefix("idle") }
  }

  /// Ends the daemons at once: what they would tidy up lies in the folder.
  func stop() {
    for daemon in daemons { kill(daemon.processIdentifier, SIGKILL) }
  }

  struct NotReady: Error, CustomStringConvertible {
    var description: String
  }

  private var configuration: String {
    let user = NSUserName()
    let port = 20_000 + Int(getpid()) % 20_000
    return """
      ClusterName=loopback
      SlurmctldHost=localhost(127.0.0.1)
      SlurmUser=\(user)
      SlurmdUser=\(user)
      AuthType=auth/munge
      AuthInfo=socket=\(folder)/munge
      CredType=cred/munge
      SlurmctldPort=\(port)
      SlurmdPort=\(port + 1)
      SlurmctldPidFile=\(folder)/slurmctld.pid
      SlurmdPidFile=\(folder)/slurmd.pid
      StateSaveLocation=\(folder)/state
      SlurmdSpoolDir=\(folder)/spool
      SlurmctldLogFile=\(folder)/slurmctld.log
      SlurmdLogFile=\(folder)/slurmd.log
      ProctrackType=proctrack/pgid
      TaskPlugin=task/none
      SelectType=select/cons_tres
      SelectTypeParameters=CR_CPU
      JobAcctGatherType=jobacct_gather/none
      AccountingStorageType=accounting_storage/none
      MpiDefault=none
      ReturnToService=2
      SchedulerParameters=batch_sched_delay=0,sched_interval=1
      NodeName=localhost NodeAddr=127.0.0.1 CPUs=\(ProcessInfo.processInfo.activeProcessorCount) State=UNKNOWN
      PartitionName=main Nodes=localhost Default=YES MaxTime=INFINITE State=UP

      """
  }

  private func process(_ program: String, _ arguments: [String]) -> Process {
    let process = Process()
    let path = ["/usr/sbin/", "/usr/bin/"].map { $0 + program }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
    process.executableURL = URL(filePath: path ?? program)
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardError = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    return process
  }

  private func start(_ program: String, _ arguments: [String]) throws {
    let daemon = process(program, arguments)
    daemon.standardOutput = FileHandle.nullDevice
    try daemon.run()
    daemons.append(daemon)
  }

  private func answer(_ program: String, _ arguments: [String]) -> String {
    let (asking, output) = (process(program, arguments), Pipe())
    asking.standardOutput = output
    guard (try? asking.run()) != nil else { return "" }
    let text = output.fileHandleForReading.readDataToEndOfFile()
    asking.waitUntilExit()
    return String(decoding: text, as: UTF8.self)
  }

  private func wait(_ what: String, until isReady: () -> Bool) throws {
    for _ in 0..<300 {
      if isReady() { return }
      usleep(200_000)
    }
    throw NotReady(description: "\(what) is not there after a minute; see \(folder)")
  }
}
