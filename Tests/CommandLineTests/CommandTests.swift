import Foundation
import Testing
import tinysdk

struct CommandTests {
  @Test func helpAndVersionSucceed() throws {
    let version = try runTool("--version")
    #expect(version.status == 0)
    #expect(version.output == "\(TinySDK.version)\n")
    let help = try runTool("--help")
    #expect(help.status == 0)
    for command in [
      "new-project", "plan", "build", "run", "boards", "inspect", "doctor", "clean", "completions",
    ] {
      #expect(help.output.contains("\n  \(command) "))
    }
  }

  @Test func aCommandLineThatMakesNoSenseEndsWithUsage() throws {
    #expect(try runTool("bild").status == CommandExit.usage.rawValue)
    #expect(try runTool("plan", "--residual", "5").status == CommandExit.usage.rawValue)
    #expect(try runTool("plan", "--quiet", "--verbose").status == CommandExit.usage.rawValue)
  }

  @Test func aFolderWithoutAProjectIsOneClearError() throws {
    try withTemporaryFolder { folder in
      let plan = try runTool("plan", "--project", folder)
      #expect(plan.status == CommandExit.failure.rawValue)
      #expect(plan.errors.hasPrefix("error: no project in '\(folder)'"))
      #expect(try runTool("clean", "--project", folder).status == CommandExit.failure.rawValue)
    }
  }

  @Test func aMisspelledBoardGetsTheNearestName() throws {
    try withDigitsProject { project in
      let plan = try runTool("plan", "--project", project, "--board", "qemu-cortex-m8")
      #expect(plan.status == CommandExit.failure.rawValue)
      #expect(plan.errors.contains("unknown board 'qemu-cortex-m8'; did you mean "))
      #expect(plan.errors.contains("'qemu-cortex-m7'"))
      #expect(plan.output.isEmpty)
    }
  }

  @Test func boardsAreListedShownAndChecked() throws {
    let list = try runTool("boards", "--json").json()
    let names = (list["boards"] as? [[String: Any]])?.compactMap { $0["name"] as? String }
    #expect(names?.contains("stm32f746g-disco") == true)
    let board = try runTool("boards", "show", "stm32f746g-disco")
    #expect(board.output.contains("0x20010000"))
    try withTemporaryFolder { folder in
      try write("schema: 1\ninherits: cortex-m7\ntitel: X\n", to: "\(folder)/Boards/x/board.yml")
      let lint = try runTool("boards", "lint", folder)
      #expect(lint.status == CommandExit.failure.rawValue)
      #expect(lint.output.contains("board.yml:3: unknown key 'titel'; did you mean 'title'?"))
    }
  }

  @Test func aPluginsBoardIsKnownWithItsPathAlone() throws {
    let root = try runTool("doctor", "--json").json()["root"] as? String
    let plugin = "\(try #require(root))/Plugins/nucleo-f767zi"
    #expect(try runTool("boards", "show", "nucleo-f767zi").status == CommandExit.failure.rawValue)
    #expect(try runTool("boards", "show", "nucleo-f767zi", "--plugin-path", plugin).status == 0)
    let environment = ["TINYSDK_PLUGIN_PATH": plugin]
    #expect(try runTool("boards", "show", "nucleo-f767zi", environment: environment).status == 0)
  }

  @Test func aModelIsShownLayerByLayer() throws {
    try withDigitsProject { project in
      let json = try runTool("inspect", "\(project)/Model/digits.onnx", "--json").json()
      let layers = try #require(json["layers"] as? [[String: Any]])
      #expect(layers.contains { $0["op"] as? String == "conv2d" && $0["number"] as? Int == 0 })
      #expect(json["macs"] as? Int == layers.compactMap { $0["macs"] as? Int }.reduce(0, +))
      let text = try runTool("inspect", "\(project)/Model/digits.onnx")
      #expect(text.output.contains("can be trained"))
    }
  }

  @Test func doctorNamesWhatIsMissingAndTheCommandThatInstallsIt() throws {
    let doctor = try runTool("doctor", environment: ["PATH": "/nowhere"])
    #expect(doctor.status == CommandExit.missingTool.rawValue)
    #expect(doctor.output.contains("sudo apt-get install -y clang lld gcc-arm-none-eabi qemu-system-arm"))
  }

  @Test(arguments: ["bash", "zsh", "fish"])
  func completionsArePrinted(shell: String) throws {
    let completions = try runTool("completions", shell)
    #expect(completions.status == 0)
    #expect(completions.output.contains("new-project"))
  }

  @Test func colourIsForTerminalsOnly() throws {
    #expect(try !runTool("boards", "show", "nothing").errors.contains("\u{1B}"))
  }
}
