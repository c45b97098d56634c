import ArgumentParser
import Compiler
import Operators

/// What a command line may say differently from the project. Every command that plans or builds takes these.
package struct BuildOptions: ParsableArguments {
  @Option(name: .shortAndLong, help: "The board to build for, instead of the project's.")
  package var board: String?

  @Option(help: "The toolchain: clang or arm-none-eabi-gcc.")
  package var toolchain: String?

  @Option(help: "What learns: head, bias-K, last-K, full or a published scheme such as 49KB.")
  package var update: String?

  @Option(help: "Fractional bits kept beside each int8 weight that learns: 8 or 0.")
  package var residual: Residual?

  @Option(help: "The rounding of int8 arithmetic: tflite, single, or exact (on the host only).")
  package var rounding: Rounding?

  package init() {}

  /// The options as a value.
  package var settings: BuildSettings {
    BuildSettings(
      board: board, toolchain: toolchain, update: update, residual: residual,
      rounding: rounding)
  }
}

extension Residual: ExpressibleByArgument {}
extension Rounding: ExpressibleByArgument {}
