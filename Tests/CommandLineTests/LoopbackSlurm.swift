import Foundation

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
  private var daemons: [Int32] = []

  init(folder: String) throws {
    environment = ["SLURM_CONF": "\(folder)/slurm.conf"]
    for name in ["state", "spool"] {
      try FileManager.default.createDirectory(
        atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
    }
    var generator = SystemRandomNumberGenerator()
    let key = Data((0..<128).map { _ in UInt8.random(in: 0...255, using: &generator) })
    try key.write(to: URL(filePath: "\(folder)/key"))
    try FileManager.default.setAttributes([.posixPermissions: 0o400], ofItemAtPath: "\(folder)/key")
    try configuration(folder).write(toFile: "\(folder)/slurm.conf", atomically: true, encoding: .utf8)
    try script.write(toFile: "\(folder)/start.sh", atomically: true, encoding: .utf8)
    let (starting, output) = (Process(), Pipe())
    starting.executableURL = URL(filePath: "/bin/sh")
    starting.arguments = ["\(folder)/start.sh", folder]
    starting.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    starting.standardOutput = output
    starting.standardInput = FileHandle.nullDevice
    try starting.run()
    // The daemons keep nothing of the pipe open, so its end is the script's.
    let words = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      .split { $0.isWhitespace }
    daemons = words.compactMap { Int32($0) }
    guard words.last == "ready" else {
      stop()
      throw NotReady(description: "no node is there after a minute; see \(folder)")
    }
  }

  /// Ends the daemons at once: what they would tidy up lies in the folder.
  func stop() {
    for daemon in daemons { kill(daemon, SIGKILL) }
  }

  struct NotReady: Error, CustomStringConvertible {
    var description: String
  }

  /// Starts the daemons, tells their numbers, and waits for the node.
  private var script: String {
    """
    PATH=$PATH:/usr/sbin
    munged --foreground --force --key-file=$1/key --socket=$1/munge --pid-file=$1/munge.pid \\
      --log-file=$1/munge.log --seed-file=$1/seed >/dev/null 2>&1 </dev/null &
    echo $!
    tries=0
    until [ -S $1/munge ] || [ $tries -gt 100 ]; do sleep 0.1; tries=$((tries + 1)); done
    slurmctld -D -c >/dev/null 2>&1 </dev/null &
    echo $!
    slurmd -D -N localhost >/dev/null 2>&1 </dev/null &
    echo $!
    tries=0
    until sinfo --noheader --format=%T 2>/dev/null | grep -q '^idle'; do
      tries=$((tries + 1))
      [ $tries -gt 120 ] && exit 1
      sleep 0.5
    done
    echo ready

    """
  }

  private func configuration(_ folder: String) -> String {
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
}
