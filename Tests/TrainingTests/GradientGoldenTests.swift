import Compiler
import Foundation
import Graph
import Importers
import KernelBridge
import Testing
import Training

private let photos = ["0_chelsea", "1_coffee", "2_astronaut"]

/// The scheme of the goldens: the last 20 biases and the first 12, 24 and 24 input channels of three layers.
private let goldenScheme: UpdateScheme = {
  var scheme = UpdateScheme.lastBiases(20, of: 42)
  scheme.weights = [24: .list(Array(0..<12)), 27: .list(Array(0..<24)), 30: .list(Array(0..<24))]
  return scheme
}()

/// Complete chain rule behind a float head on real logits.
@Test(
  .enabled(if: sharedFolder != nil, "skipped: ../shared with the golden vectors is absent"), arguments: photos
)
func gradientsBehindAFloatHead(photo: String) async throws {
  let shared = try #require(sharedFolder)
  let golden = try read(shared, "floathead_\(photo).npz")
  let model = try importONNX(path: shared.appendingPathComponent("models/mcunet-5fps.onnx").path).graph
  let headed = try withHead(model, golden)
  let run = try await gradients(of: headed, seed: .loss, golden) { interpreter in
    try interpreter.write("label", littleEndianBytes([Int32(golden["label"]!.row(0)[0])]))
  }
  let expected = golden.filter { $0.key.hasSuffix("_grad") }
  #expect(expected.count == 25)
  try compare(run, expected, suffix: "_grad", photo)
}

/// Complete chain rule behind the int8 head, cross-entropy on its raw int8 logits, seeded there.
@Test(
  .enabled(if: sharedFolder != nil, "skipped: ../shared with the golden vectors is absent"), arguments: photos
)
func gradientsBehindAnInt8Head(photo: String) async throws {
  let shared = try #require(sharedFolder)
  let golden = try read(shared, "graph_\(photo).npz")
  let model = try importONNX(path: shared.appendingPathComponent("models/mcunet-5fps.onnx").path).graph
  let headed = try withInt8Head(model, shared)
  let logits = try #require(golden["logits_int8"]).values(in: 0..<10)
  let exponentials = logits.map { exp($0 - logits.max()!) }
  let sum = exponentials.reduce(0, +)
  let label = Int(golden["label"]!.row(0)[0])
  let seed = exponentials.enumerated().map { Float($1 / sum - ($0 == label ? 1 : 0)) }
  let run = try await gradients(of: headed, seed: .output, golden) { interpreter in
    try interpreter.write("seed", littleEndianBytes(seed))
  }
  try compare(run, golden.filter { $0.key.hasSuffix("_full") }, suffix: "_full", photo)
}

private func read(_ shared: URL, _ file: String) throws -> [String: NumericArray] {
  try NumpyArchive.read(shared.appendingPathComponent("golden/tinyengine-49kb/\(file)").path)
}

/// The network with a float32 head of the golden's weights.
private func withHead(_ model: Graph, _ golden: [String: NumericArray]) throws -> Graph {
  var graph = try attachHead(model, classes: 10)
  let weights = try #require(golden["head_w"]).values(in: 0..<1600).map { Float($0) }
  try graph.update("head.weight") { $0.data = littleEndianBytes(weights) }
  return graph
}

/// The network with the published int8 head: every row's largest weight is ±127, which gives back its scale.
private func withInt8Head(_ model: Graph, _ shared: URL) throws -> Graph {
  var graph = try attachHead(model, classes: 10)
  let features = graph.nodes[graph.nodes.count - 2].inputs[0]
  let head = try #require(try read(shared, "head.npz")["head_w"])
  let rows = (0..<10).map { head.row($0) }
  let scales = rows.map { $0.map(abs).max()! / 127 }
  let json = try JSONSerialization.jsonObject(
    with: Data(contentsOf: shared.appendingPathComponent("models/tinyengine/scale.json")))
  let outputScale = try #require((json as? [String: Any])?["v15_y_scale"] as? Double)
  let weights = zip(rows, scales).flatMap { row, scale in row.map { Int8(($0 / scale).rounded()) } }
  graph.nodes.removeLast(2)
  try graph.define(
    Tensor(
      "v15.weight", .int8, [10, 160, 1, 1],
      quantization: Quantization(scales: scales, zeroPoints: Array(repeating: 0, count: 10), axis: 0),
      role: .constant, data: weights.map { UInt8(bitPattern: $0) }))
  try graph.define(
    Tensor("v15.bias", .int32, [10], role: .constant, data: [UInt8](repeating: 0, count: 40)))
  try graph.define(
    Tensor("logits", .int8, [1, 10, 1, 1], quantization: .perTensor(scale: outputScale, zeroPoint: -34)))
  graph.nodes.append(
    Node("v15", "conv2d", inputs: [features, "v15.weight", "v15.bias"], outputs: ["logits"]))
  graph.outputs = ["logits"]
  return prune(graph)
}

/// Runs forward and backward with exact rounding; gradients by the parameter's name.
private func gradients(
  of graph: Graph, seed: GradientSeed, _ golden: [String: NumericArray],
  prepare: (PlanInterpreter) throws -> Void
) async throws -> [String: [Float]] {
  let kernels = try await hostKernels.value
  let options = CompileOptions(update: .scheme(goldenScheme), rounding: .exact, purpose: .gradients(seed))
  let plan = try compile(graph, options, ask: kernels.answers)
  let interpreter = try PlanInterpreter(plan, kernels: kernels)
  let input = try #require(golden["input"]).values(in: 0..<49152).map { UInt8(bitPattern: Int8($0)) }
  try interpreter.write("input", input)
  try prepare(interpreter)
  try interpreter.run()
  var gradients: [String: [Float]] = [:]
  for node in plan.graph.nodes {
    guard case .string(let parameter)? = node.attributes["parameter"], let output = node.output(0) else {
      continue
    }
    gradients[parameter] = integers(of: try interpreter.read(output)).map { Float(bitPattern: $0) }
  }
  return gradients
}

/// `v9_conv_0_bias` is `blocks.8.pointwise1.bias`; `head_weight` and `v15_weight` are the head's.
private func parameterName(_ key: Substring) -> String {
  let parts = key.split(separator: "_")
  if parts[0] == "head" { return "head.\(parts[1])" }
  if parts[0] == "v15" { return "v15.\(parts[1])" }
  let layer = ["pointwise1", "depthwise", "pointwise2"][Int(parts[2]) ?? 0]
  return "blocks.\((Int(parts[0].dropFirst()) ?? 0) - 1).\(layer).\(parts[3])"
}

private func compare(
  _ found: [String: [Float]], _ expected: [String: NumericArray], suffix: String, _ photo: String
) throws {
  var largest = (difference: 0.0, name: "")
  for (key, golden) in expected {
    let name = parameterName(key.dropLast(suffix.count))
    let values = try #require(found[name], "no gradient of \(name)")
    let reference = golden.values(in: 0..<golden.count)
    #expect(values.count == reference.count, "\(name)")
    let scale = reference.map(abs).max() ?? 1
    let difference = zip(values, reference).map { abs(Double($0) - $1) }.max()! / scale
    if difference > largest.difference { largest = (difference, name) }
    #expect(difference < 1e-5, "\(name): \(difference) of the largest element (\(photo))")
  }
  print(
    "\(photo)\(suffix): \(expected.count) gradients, largest difference \(largest.difference) (\(largest.name))"
  )
}
