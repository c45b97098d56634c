import ArgumentParser
import Compiler
import Importers
import Training

package struct ExportModelCommand: AsyncParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "export-model",
    abstract: "Write a trained state back as an ONNX model.",
    discussion: """
      The learned weights and biases go back into the project's model, the fresh head becomes a float layer. The result is
      an ordinary int8 model in ONNX form, which this tool imports again.
      """)

  @OptionGroup package var global: GlobalOptions

  @Option(help: ArgumentHelp("The trained state, from 'train'.", valueName: "file"))
  package var state: String

  @Option(name: .shortAndLong, help: ArgumentHelp("The model to write.", valueName: "file.onnx"))
  package var output: String

  package init() {}

  package mutating func run() async throws {
    let workspace = try Workspace(folder: global.project, pluginPaths: global.pluginPaths)
    let exported = try await exportModel(workspace, state: state, to: output)
    try global.print(exported, as: exported.text)
  }
}
