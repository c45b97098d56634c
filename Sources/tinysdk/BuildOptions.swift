import ArgumentParser
import Boards
import Compiler
import Foundation
import Operators

/// What a command line may say differently from the project. Every command that plans or builds takes these.
package struct BuildOptions: ParsableArguments {
  @Option(name: .shortAndLong, help: "The board to build for, instead of the project's.")
  package var board: String?

  @Option(help: "The toolchain: clang or arm-none-eabi-gcc.")
  package var toolchain: String?

  @Option(help: "What learns: head, bias-K, last-K, full or a published scheme such as 49KB.")
  package var update: String?

  @Option(help: "How int8 weights learn: 8, 4 or 0 fractional bits kept beside them, or stochastic rounding.")
  package var residual: Residual?

  @Option(help: "How gradients are kept: float32, int16 or int8.")
  package var gradients: GradientType?

  @Option(help: "The rounding of int8 arithmetic: tflite, single, or exact (on the host only).")
  package var rounding: Rounding?

  @Option(
    help: ArgumentHelp(
      "Kernel backends to choose from, the preferred first, instead of the core's: e.g. DSP,Portable.",
      valueName: "backends"))
  package var backends: String?

  @Option(help: "What the choice of kernels saves: instructions, cycles or memory.")
  package var optimize: KernelGoal?

  package init() {}

  /// The options as a value.
  package var settings: BuildSettings {
    BuildSettings(
      board: board, toolchain: toolchain, update: update, residual: residual, gradients: gradients,
      rounding: rounding,
      backends: backends?.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) },
      optimize: optimize)
  }
}

extension Residual: ExpressibleByArgument {}
extension GradientType: ExpressibleByArgument {}
extension KernelGoal: ExpressibleByArgument {}
extension Rounding: ExpressibleByArgument {}
