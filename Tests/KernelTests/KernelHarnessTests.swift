import Foundation
import ImageBuild
import Testing

private let missing = ["clang", "ld.lld", "make", "arm-none-eabi-gcc", "qemu-system-arm"].filter {
  (try? ToolLocator().locate(Tool(program: $0, install: ""))) == nil
}

/// The C programs below `Tests/KernelHarness`: thousands of random calls, in which every backend's kernel must
/// leave the bytes that the portable one leaves; on the host under address and undefined-behaviour sanitizers,
/// and on the emulated cores.
@Suite(
  .enabled(if: missing.isEmpty, "skipped: not installed: \(missing.joined(separator: ", "))"), .serialized)
struct KernelHarnessTests {
  private let folder = packageRoot.appendingPathComponent("Tests/KernelHarness")
  private let output = FileManager.default.temporaryDirectory
    .appendingPathComponent("kernel-harness-\(UUID().uuidString)")

  /// Runs a program and returns what it printed.
  private func run(
    _ program: String, _ arguments: [String], environment: [String: String] = [:]
  ) throws -> (status: Int32, text: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [program] + arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    let pipe = Pipe()
    (process.standardOutput, process.standardError) = (pipe, pipe)
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (process.terminationStatus, text)
  }

  private func expectEqual(
    _ result: (status: Int32, text: String), sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(result.status == 0, "\(result.text)", sourceLocation: sourceLocation)
    #expect(
      result.text.contains("cases equal") || result.text.contains(" 0 failures"), "\(result.text)",
      sourceLocation: sourceLocation)
  }

  init() throws {
    try FileManager.default.createDirectory(at: output, withIntermediateDirectories: true)
  }

  @Test(.timeLimit(.minutes(10)))
  func hostKernelsUnderSanitizers() throws {
    defer { try? FileManager.default.removeItem(at: output) }
    expectEqual(
      try run(
        "make", ["-C", folder.appendingPathComponent("Host").path, "sanitized"],
        environment: ["OUT": output.path, "ROUNDS": "200"]))
  }

  @Test(.timeLimit(.minutes(10)))
  func integerGradientsAndUpdateRulesUnderSanitizers() throws {
    defer { try? FileManager.default.removeItem(at: output) }
    expectEqual(
      try run(
        "make", ["-C", folder.appendingPathComponent("Integer").path, "BUILD=\(output.path)"]))
  }

  /// Slots of a simulated flash, and the floats of cores without such instructions.
  @Test(.timeLimit(.minutes(10)))
  func runtimeUnderSanitizers() throws {
    defer { try? FileManager.default.removeItem(at: output) }
    expectEqual(
      try run(
        "make", ["-C", folder.appendingPathComponent("Runtime").path, "BUILD=\(output.path)"]))
  }

  @Test(.timeLimit(.minutes(10)), arguments: ["host", "m7", "m4"])
  func dspKernels(target: String) throws {
    defer { try? FileManager.default.removeItem(at: output) }
    let programs = ["equal", "equal_gradients", "equal_pairs", "equal_integer", "equal_dense_f32"]
    let build = try run(
      "sh", [folder.appendingPathComponent("DSP/build.sh").path, target, output.path] + programs)
    #expect(build.status == 0, "\(build.text)")
    for name in programs {
      let program = output.appendingPathComponent(name).path
      guard target != "host" else {
        expectEqual(try run(program, []))
        continue
      }
      expectEqual(
        try run(
          "qemu-system-arm",
          [
            "-M", target == "m7" ? "mps2-an500" : "mps2-an386", "-nographic", "-monitor", "none", "-serial",
            "none", "-semihosting-config", "enable=on,target=native", "-kernel", program,
          ]))
    }
  }

  @Test(.timeLimit(.minutes(10)), arguments: ["host", "m55"])
  func heliumKernels(target: String) throws {
    defer { try? FileManager.default.removeItem(at: output) }
    expectEqual(
      try run(
        "sh", [folder.appendingPathComponent("Helium/run.sh").path, target],
        environment: ["BUILD": output.path]))
  }
}
