import Compiler
import Foundation
import Graph
import Importers
import KernelBridge
import Operators
import Testing
import Training

private let networks = ["mcunet-5fps", "mbv2-w0.35"]
private let goldenFiles: [(Rounding, String)] = [
  (.exact, "forward_exact"), (.tflite, "forward_double"), (.single, "forward_single"),
]

/// Every int8 tensor of both networks against goldens of the same rounding (see the goldens' README).
@Test(
  .enabled(if: sharedFolder != nil, "skipped: ../shared with the golden vectors is absent"),
  arguments: networks, Rounding.allCases)
func everyTensorEqualsTheGolden(network: String, rounding: Rounding) async throws {
  let shared = try #require(sharedFolder)
  let file = try #require(goldenFiles.first { $0.0 == rounding }).1
  let golden = try NumpyArchive.read(shared.appendingPathComponent("golden/\(network)/\(file).npz").path)
  let imported = try importONNX(path: shared.appendingPathComponent("models/\(network).onnx").path).graph
  let model = try withPublishedScales(imported, shared.appendingPathComponent("golden/\(network)/model.json"))
  let kernels = try await hostKernels.value
  let plan = try compile(
    model, CompileOptions(rounding: rounding, purpose: .inference), ask: kernels.answers)
  let interpreter = try PlanInterpreter(plan, kernels: kernels)
  let input = try #require(golden["input"])
  for image in 0..<input.shape[0] {
    try interpreter.write(
      "input",
      input.values(in: (image * input.rowSize)..<((image + 1) * input.rowSize)).map {
        UInt8(bitPattern: Int8($0))
      })
    var compared = 0
    try interpreter.run { step in
      guard let name = step.node.output(0), let expected = golden[name], image < expected.shape[0] else {
        return
      }
      let found = try interpreter.read(name).map { Int8(bitPattern: $0) }
      let row = expected.row(image).map { Int8($0) }
      let different = zip(found, row).filter { $0 != $1 }.count
      #expect(different == 0, "\(name): \(different) of \(row.count) elements differ (image \(image))")
      compared += 1
    }
    #expect(compared >= (image == 0 ? 40 : 0), "only \(compared) tensors were compared")
  }
}

/// The scales of one operator, as the goldens were computed with.
private struct PublishedOperator: Decodable {
  var input: String
  var input2: String?
  var output: String
  var x_scale: Double?
  var x1_scale: Double?
  var x2_scale: Double?
  var y_scale: Double?

  var scales: [(String, Double?)] {
    [(input, x_scale ?? x1_scale), (input2 ?? "", x2_scale), (output, y_scale)]
  }
}

/// The network with the published float64 activation scales. ONNX holds them rounded to float32, which
/// moves one requantization multiplier in a hundred million and with it, in all six files, a single element
/// by one step.
private func withPublishedScales(_ graph: Graph, _ file: URL) throws -> Graph {
  struct Network: Decodable { var ops: [PublishedOperator] }
  var graph = graph
  for (name, scale) in try JSONDecoder().decode(Network.self, from: Data(contentsOf: file)).ops.flatMap(
    \.scales)
  {
    guard let scale, let rounded = try? graph.tensor(name).quantization?.scale else { continue }
    #expect(Float(scale) == Float(rounded), "\(name) has another scale")
    try graph.update(name) { $0.quantization?.scales = [scale] }
  }
  return graph
}
