import ArgumentParser
import Boards
import Compiler
import Foundation
import Operators
import Project

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

  @Option(help: "Quantization-aware scaling: exact, or shift (one power of two a layer).")
  package var qas: QuantizationAwareScaling?

  @Option(help: "How the learning rate goes on: constant, cosine or step.")
  package var schedule: ScheduleSettings.Kind?

  @Option(help: ArgumentHelp("Steps in which the learning rate rises from 0.", valueName: "steps"))
  package var warmUp: Int?

  @Option(help: "The share of its velocity that a step keeps, such as 0.9; 0 for none.")
  package var momentum: Double?

  @Option(help: "The largest norm of all gradients together.")
  package var clipNorm: Double?

  @Option(help: ArgumentHelp("Samples whose mean gradient makes one update.", valueName: "samples"))
  package var accumulate: Int?

  @Option(
    help: ArgumentHelp(
      "Kernel backends to choose from, the preferred first, instead of the core's: e.g. DSP,Portable.",
      valueName: "backends"))
  package var backends: String?

  @Option(help: "What the choice of kernels saves: instructions, cycles or memory.")
  package var optimize: KernelGoal?

  package init() {}

  package func validate() throws {
    if let warmUp, !(0...Int(Int32.max)).contains(warmUp) {
      throw ValidationError("--warm-up: \(warmUp) is not a number of steps, 0 to \(Int32.max)")
    }
    if let accumulate, !(1...Int(Int32.max)).contains(accumulate) {
      throw ValidationError("--accumulate: \(accumulate) is not a number of samples, 1 to \(Int32.max)")
    }
    if let momentum, !(momentum >= 0 && momentum < 1) {
      throw ValidationError("--momentum: \(momentum) is not 0 or more and below 1")
    }
    if let clipNorm, !(clipNorm.isFinite && clipNorm > 0) {
      throw ValidationError("--clip-norm: \(clipNorm) is not a number above 0")
    }
  }

  /// The options as a value.
  package var settings: BuildSettings {
    BuildSettings(
      board: board, toolchain: toolchain, update: update, residual: residual, gradients: gradients,
      rounding: rounding, scaling: qas, schedule: schedule, warmUp: warmUp, momentum: momentum,
      clipNorm: clipNorm, accumulate: accumulate,
      backends: backends?.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) },
      optimize: optimize)
  }
}

extension Residual: ExpressibleByArgument {}
extension GradientType: ExpressibleByArgument {}
extension KernelGoal: ExpressibleByArgument {}
extension Rounding: ExpressibleByArgument {}
extension QuantizationAwareScaling: ExpressibleByArgument {}
extension ScheduleSettings.Kind: ExpressibleByArgument {}
