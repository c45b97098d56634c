import ArgumentParser

package struct InspectCommand: AsyncParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Show a model file: layers, shapes, quantization, work, what can be trained.")

  @OptionGroup package var global: GlobalOptions

  @Argument(help: "An int8 model: an ONNX file, or a pickle of tiny-training.")
  package var model: String

  package init() {}

  package mutating func run() async throws {
    let report = try ModelReport(importModel(path: model))
    try global.print(report, as: report.text)
  }
}
