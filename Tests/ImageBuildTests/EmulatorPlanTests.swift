import Boards
import ImageBuild
import Testing

@Suite struct EmulatorPlanTests {
  @Test func plainRun() throws {
    let plan = try EmulatorPlan(board: shippedBoard("qemu-cortex-m7"), image: "out/image.elf")
    #expect(
      plan.commandLine == [
        "qemu-system-arm", "-M", "mps2-an500", "-nographic", "-monitor", "none", "-serial", "null",
        "-semihosting-config", "enable=on,target=native", "-kernel", "out/image.elf",
      ])
  }

  @Test func everyOption() throws {
    var board = try shippedBoard("qemu-cortex-m55")
    board.run = .emulator(
      Emulator(program: "qemu", machine: "m", cpu: "c", arguments: ["-x"], instructionShift: 5))
    let plan = try EmulatorPlan(
      board: board, image: "i", semihostingArguments: ["tinysdk-link", "/a,b"], countsInstructions: true,
      serialPipe: "/tmp/p")
    #expect(
      plan.commandLine == [
        "qemu", "-M", "m", "-cpu", "c", "-nographic", "-monitor", "none", "-serial", "pipe:/tmp/p",
        "-semihosting-config", "enable=on,target=native,arg=tinysdk-link,arg=/a,,b", "-icount",
        "shift=5,sleep=off", "-x", "-kernel", "i",
      ])
  }

  @Test func boardWithAProbeSaysHowToFlash() throws {
    let error = #expect(throws: NotEmulated.self) {
      try EmulatorPlan(board: shippedBoard("stm32f746g-disco"), image: "out/image.elf")
    }
    #expect(
      error?.description == """
        board 'stm32f746g-disco' has no emulator; flash the image with one of
          openocd -f board/stm32f746g-disco.cfg -c "program out/image.elf verify reset exit"
          pyocd flash --target stm32f746nghx out/image.elf
          st-flash write out/image.bin 0x08000000
        """)
    let host = #expect(throws: NotEmulated.self) { try EmulatorPlan(board: shippedBoard("host"), image: "i") }
    #expect(host?.description == "board 'host' is this machine; nothing has to be emulated")
  }

  @Test func missingEmulatorIsNamed() async throws {
    let plan = try EmulatorPlan(board: shippedBoard("qemu-cortex-m7"), image: "out/image.elf")
    let error = await #expect(throws: MissingTool.self) {
      try await runEmulator(plan, tools: ToolLocator(environment: ["PATH": "/nowhere"])) { _ in }
    }
    #expect(
      error?.description
        == "'qemu-system-arm' is not in PATH; it comes with the Debian package qemu-system-arm")
  }
}
