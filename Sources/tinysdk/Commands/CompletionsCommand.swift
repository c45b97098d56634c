import ArgumentParser

package struct CompletionsCommand: AsyncParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "completions",
    abstract: "Print a completion script for a shell.",
    discussion: """
      bash: tinysdk completions bash > ~/.local/share/bash-completion/completions/tinysdk
      zsh:  tinysdk completions zsh > ~/.zfunc/_tinysdk (a folder of fpath)
      fish: tinysdk completions fish > ~/.config/fish/completions/tinysdk.fish
      """)

  package enum Shell: String, ExpressibleByArgument, CaseIterable, Sendable {
    case bash, zsh, fish

    fileprivate var completionShell: CompletionShell {
      switch self {
      case .bash: .bash
      case .zsh: .zsh
      case .fish: .fish
      }
    }
  }

  @Argument(help: "bash, zsh or fish.")
  package var shell: Shell

  package init() {}

  package mutating func run() async throws {
    Console().print(TinySDK.completionScript(for: shell.completionShell))
  }
}
