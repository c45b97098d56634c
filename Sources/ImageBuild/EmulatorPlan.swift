import Boards

/// The command line of an emulator run, as a value.
public struct EmulatorPlan: Equatable, Codable, Sendable {
  public var tool: Tool
  public var arguments: [String]

  /// - Parameters:
  ///   - image: the ELF file.
  ///   - semihostingArguments: what the image reads as its command line; the first is the program's name.
  ///   - countsInstructions: every instruction takes the same emulated time, so that the board's timer
  ///     measures instructions. Slower.
  ///   - serialPipe: the serial port reads `PATH.in` and writes `PATH.out`, two named pipes.
  /// - Throws: `NotEmulated`
  public init(
    board: Board, image: String, semihostingArguments: [String] = [], countsInstructions: Bool = false,
    serialPipe: String? = nil
  ) throws(NotEmulated) {
    guard case .emulator(let emulator) = board.run else {
      throw NotEmulated(board: board, image: image)
    }
    tool = Tool(program: emulator.program, install: Self.package(of: emulator.program))
    arguments = ["-M", emulator.machine]
    if let cpu = emulator.cpu { arguments += ["-cpu", cpu] }
    arguments += ["-nographic", "-monitor", "none", "-serial", serialPipe.map { "pipe:\($0)" } ?? "null"]
    let words = semihostingArguments.map { ",arg=\($0.replacing(",", with: ",,"))" }.joined()
    arguments += ["-semihosting-config", "enable=on,target=native\(words)"]
    if countsInstructions { arguments += ["-icount", "shift=\(emulator.instructionShift),sleep=off"] }
    arguments += emulator.arguments + ["-kernel", image]
  }

  public var commandLine: [String] { [tool.program] + arguments }

  private static func package(of program: String) -> String {
    program == "qemu-system-arm"
      ? "the Debian package qemu-system-arm" : "the emulator that the board file names"
  }
}

/// A board without an emulator was to be emulated.
public struct NotEmulated: Error, Equatable, CustomStringConvertible {
  public var board: Board
  /// The ELF file.
  public var image: String

  public init(board: Board, image: String) {
    self.board = board
    self.image = image
  }

  public var description: String {
    guard case .probe(let probes) = board.run else {
      return "board '\(board.name)' is this machine; nothing has to be emulated"
    }
    let commands = probes.map { "  " + $0.command(image: image, binary: rawImagePath(of: image)) }
    return "board '\(board.name)' has no emulator; flash the image with one of\n"
      + commands.joined(separator: "\n")
  }
}
