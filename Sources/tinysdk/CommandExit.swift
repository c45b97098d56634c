import Compiler
import ImageBuild
import KernelBridge
import Training

/// The exit codes of every command. `run` ends with the device's own instead.
package enum CommandExit: Int32, CaseIterable {
  case success = 0
  /// The work failed: a bad file, a compiler's complaint, an unknown name.
  case failure = 1
  /// The command line makes no sense.
  case usage = 2
  /// The plan is larger than the board.
  case doesNotFit = 3
  /// A compiler or an emulator is not installed.
  case missingTool = 4
  /// The device, or its emulator, did not do what it should.
  case device = 5
  /// Ctrl-C.
  case interrupted = 130

  package init(for error: any Error) {
    self =
      switch error {
      case is CancellationError: .interrupted
      case is DoesNotFit: .doesNotFit
      case is MissingTool, is MissingSysroot, KernelBridgeError.compilerUnavailable: .missingTool
      case is EmulatorTimeout, is DeviceFailure, is LinkError: .device
      default: .failure
      }
  }
}

/// An image that ended in a way that is no exit code.
package struct DeviceFailure: Error, Equatable, CustomStringConvertible {
  package var board: String
  package var signal: Int32

  package var description: String {
    "the emulator of '\(board)' ended by signal \(signal); run again with --verbose to see its command line"
  }
}
