import ArgumentParser

/// What every command understands.
package struct GlobalOptions: ParsableArguments {
  @Option(name: .customLong("project"), help: ArgumentHelp("The project's folder.", valueName: "dir"))
  package var project = "."

  @Option(
    name: .customLong("plugin-path"),
    help: ArgumentHelp("A plugin's folder; may be given more than once.", valueName: "dir"))
  package var pluginPaths: [String] = []

  @Flag(help: "Print the result as JSON.")
  package var json = false

  @Flag(name: .shortAndLong, help: "Tell nothing but the result and errors.")
  package var quiet = false

  @Flag(name: .shortAndLong, help: "Tell every command that is run.")
  package var verbose = false

  package init() {}

  package func validate() throws {
    if quiet && verbose { throw ValidationError("--quiet and --verbose exclude each other") }
  }

  /// Where the command writes.
  package var console: Console { Console(level: quiet ? .quiet : verbose ? .verbose : .normal) }

  /// Prints a result: as JSON with `--json`, else as text.
  package func print(_ result: some Encodable, as text: @autoclosure () -> String) throws {
    console.print(json ? try jsonText(result) : text())
  }
}
