/// How an image gets to run on a board.
public enum RunMethod: Equatable, Codable, Sendable {
  /// Loaded into the tool itself as a shared object.
  case host
  case emulator(Emulator)
  /// Flashed by a person with one of these commands.
  case probe([Probe])
}

/// A QEMU machine.
public struct Emulator: Equatable, Codable, Sendable {
  /// The program that is looked up in PATH, `qemu-system-arm` by default.
  public var program: String
  public var machine: String
  /// The `-cpu` argument, where it is not the machine's own.
  public var cpu: String?
  /// Added to the command line as they are.
  public var arguments: [String]
  /// Where instructions are counted, each takes 2^shift nanoseconds. Large enough that a tick of the board's
  /// timer is finer than an instruction.
  public var instructionShift: Int

  public init(
    program: String = "qemu-system-arm", machine: String, cpu: String? = nil, arguments: [String] = [],
    instructionShift: Int = 6
  ) {
    self.instructionShift = instructionShift
    self.program = program
    self.machine = machine
    self.cpu = cpu
    self.arguments = arguments
  }
}

/// One way to flash a board: a tool and its command line.
public struct Probe: Equatable, Codable, Sendable {
  /// `openocd`, `pyocd`, `st-flash`, `probe-rs`.
  public var name: String
  /// The command line, `{image}` where the ELF file's path belongs and `{binary}` for the raw image's.
  public var command: String

  public init(name: String, command: String) {
    self.name = name
    self.command = command
  }

  /// The command line for one image.
  public func command(image: String, binary: String) -> String {
    command.replacing("{image}", with: image).replacing("{binary}", with: binary)
  }
}
