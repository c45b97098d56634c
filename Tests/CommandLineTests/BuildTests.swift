import Foundation
import ImageBuild
import Testing
import tinysdk

private let hasDeviceTools = installed("clang", "ld.lld", "arm-none-eabi-gcc", "qemu-system-arm")
private let deviceTools: Comment =
  "needs clang, ld.lld and the Debian packages gcc-arm-none-eabi, libnewlib-arm-none-eabi, qemu-system-arm"

struct BuildTests {
  @Test func theHostImageIsBuiltOnceAndThenUpToDate() throws {
    try withDigitsProject { project in
      let first = try runTool("build", "--project", project, "--board", "host", "--json").json()
      let image = try #require(first["image"] as? String)
      #expect(FileManager.default.fileExists(atPath: image))
      #expect(first["schema_version"] as? Int == jsonSchemaVersion)
      let second = try runTool("build", "--project", project, "--board", "host", "--json").json()
      #expect(second["jobs_run"] as? Int == 0)
      #expect(second["jobs_up_to_date"] as? Int == first["jobs_run"] as? Int)
      #expect(try runTool("clean", "--project", project).status == 0)
      #expect(!FileManager.default.fileExists(atPath: "\(project)/build"))
    }
  }

  @Test(.enabled(if: hasDeviceTools, deviceTools))
  func theBoardsImageIsMeasuredAndRuns() throws {
    try withDigitsProject { project in
      let build = try runTool("build", "--project", project)
      #expect(build.status == 0, Comment(rawValue: build.errors))
      let lines = build.output.split(separator: "\n").map(String.init)
      #expect(lines.contains { $0.hasPrefix("FLASH ") && !$0.contains("(0 of") })
      #expect(lines.contains { $0.hasPrefix("Training: ") && $0.contains("stack at most ") })
      let run = try runTool("run", "--project", project, "--timeout", "60")
      #expect(run.status == 0, Comment(rawValue: run.errors))
      #expect(run.output.contains("ready for samples"))
    }
  }

  @Test(.enabled(if: hasDeviceTools, deviceTools))
  func theDevicesExitCodeIsTheCommands() throws {
    try withDigitsProject { project in
      try write("int main(void) { return 7; }\n", to: "\(project)/App/main.c")
      #expect(try runTool("run", "--project", project, "--timeout", "60").status == 7)
    }
  }

  @Test func anOutputFolderThatCannotBeMadeIsOneClearError() throws {
    try withDigitsProject { project in
      try write("in the way", to: "\(project)/build")
      let build = try runTool("build", "--project", project, "--board", "host")
      #expect(build.status == CommandExit.failure.rawValue)
      #expect(build.errors.hasPrefix("error: cannot write \(project)/build/host/generated/"))
      #expect(build.errors.split(separator: "\n").count == 1)
    }
  }

  @Test func aMissingCompilerIsNamedWithWhatBringsIt() throws {
    try withDigitsProject { project in
      // The kernels are compiled before, so that the image's compiler is what is missing.
      #expect(try runTool("plan", "--project", project, "--board", "host").status == 0)
      let build = try runTool(
        "build", "--project", project, "--board", "host", environment: ["PATH": "/nowhere"])
      #expect(build.status == CommandExit.missingTool.rawValue)
      #expect(build.errors.contains("'clang' is not in PATH"))
      let plan = try runTool(
        "plan", "--project", project, environment: ["PATH": "/nowhere", "XDG_CACHE_HOME": "\(project)/cache"])
      #expect(plan.status == CommandExit.missingTool.rawValue)
      #expect(plan.errors.hasPrefix("error: cannot run the host C compiler"))
    }
  }

  @Test(.enabled(if: hasDeviceTools, deviceTools))
  func aMissingEmulatorIsNamedWithWhatBringsIt() throws {
    try withDigitsProject { project in
      let programs = "\(project)/programs"
      try FileManager.default.createDirectory(atPath: programs, withIntermediateDirectories: true)
      for program in ["clang", "ld.lld", "arm-none-eabi-gcc"] {
        let found = try ToolLocator().locate(Tool(program: program, install: ""))
        try FileManager.default.createSymbolicLink(
          atPath: "\(programs)/\(program)", withDestinationPath: found)
      }
      let run = try runTool(
        "run", "--project", project, "--board", "qemu-cortex-m7", environment: ["PATH": programs])
      #expect(run.status == CommandExit.missingTool.rawValue)
      #expect(run.errors.contains("'qemu-system-arm' is not in PATH; it comes with the Debian package"))
    }
  }

  @Test(.enabled(if: hasDeviceTools, deviceTools))
  func anApplicationThatDoesNotCompileShowsTheCompilersWords() throws {
    try withDigitsProject { project in
      try write("int main(void) { return missing; }\n", to: "\(project)/App/main.c")
      let build = try runTool("build", "--project", project)
      #expect(build.status == CommandExit.failure.rawValue)
      #expect(build.errors.contains("error: cannot compile \(project)/App/main.c"))
      #expect(build.errors.contains("undeclared identifier 'missing'"))
    }
  }
}
