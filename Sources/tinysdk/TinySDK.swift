import ArgumentParser
import Foundation
import ImageBuild

/// The command line's root.
@main
package struct TinySDK: AsyncParsableCommand {
  package static let version = "0.1.0"

  package static let configuration = CommandConfiguration(
    commandName: "tinysdk",
    abstract: "Train neural networks on microcontrollers.",
    discussion: """
      A project is a folder with tinysdk.yml, a model, data and a small application. Start one with
        tinysdk new-project digits --board qemu-cortex-m7
      and then, in its folder, look at the plan, build it and run it:
        tinysdk plan
        tinysdk build
        tinysdk run

      Exit codes: 0 done; 1 the work failed; 2 the command line makes no sense; 3 the plan does not fit the
      board; 4 a tool is missing; 5 the device failed; 130 interrupted. 'run' ends with the device's own exit code.

      Environment: TINYSDK_ROOT (the SDK's files), TINYSDK_PLUGIN_PATH (plugins, separated by colons),
      TINYSDK_HOST_CC (the host's C compiler), NO_COLOR.
      """,
    version: version,
    subcommands: [
      NewProjectCommand.self, PlanCommand.self, BuildCommand.self, RunCommand.self, BoardsCommand.self,
      TrainCommand.self, BenchCommand.self, VerifyCommand.self, ExportModelCommand.self,
      AnalyzeCommand.self, SearchCommand.self, FreezeCommand.self, TrialCommand.self, InspectCommand.self,
      DoctorCommand.self,
      CleanCommand.self, CompletionsCommand.self,
    ])

  package init() {}

  static func main() async {
    Foundation.exit(await execute(Array(CommandLine.arguments.dropFirst())))
  }

  /// Runs one command line to its end; Ctrl-C ends child processes first.
  /// - Returns: the exit code.
  package static func execute(_ arguments: [String]) async -> Int32 {
    do {
      try await withInterruption {
        var command = try await asyncParseAsRoot(arguments)
        if var command = command as? any AsyncParsableCommand {
          try await command.run()
        } else {
          try command.run()
        }
      }
      return CommandExit.success.rawValue
    } catch {
      return conclude(error)
    }
  }

  /// Says what went wrong, or prints the help that was asked for.
  private static func conclude(_ error: any Error) -> Int32 {
    let parserCode = exitCode(for: error)
    if let code = error as? ExitCode { return code.rawValue }
    if parserCode == .success {
      Console.write(fullMessage(for: error) + "\n", to: .standardOutput)
      return CommandExit.success.rawValue
    }
    if parserCode == .validationFailure {
      Console.write(fullMessage(for: error) + "\n", to: .standardError)
      return CommandExit.usage.rawValue
    }
    let exit = CommandExit(for: error)
    Console().error(exit == .interrupted ? "interrupted" : "\(error)")
    return exit.rawValue
  }
}
