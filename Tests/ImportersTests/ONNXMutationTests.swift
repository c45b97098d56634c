import Foundation
import Graph
import Importers
import Testing

/// Damaged files: whatever the bytes, an import gives a valid graph or throws.
struct ONNXMutationTests {
  private func importDamaged(_ bytes: [UInt8], count: Int, seed: UInt64) throws -> Int {
    var random = SplitMix64(state: seed)
    var refused = 0
    for _ in 0..<count {
      do {
        let graph = try importONNX(mutated(bytes, &random)).graph
        try graph.validate()
      } catch let error as ImportError {
        #expect(!error.problems.isEmpty)
        refused += 1
      }
    }
    return refused
  }

  @Test func smallModel() throws {
    var model = convolutionModel()
    model.quantize("conv_real", "y", scale: 2, zero: -4)
    model.node("MaxPool", ["y_f"], "pooled", [attribute("kernel_shape", [2, 2]), attribute("ceil_mode", 1)])
    model.node("Flatten", ["pooled"], "flat")
    model.constant("v", [2, 9], float: [Float](repeating: 1, count: 18))
    model.node("Gemm", ["flat", "v"], "logits", [attribute("transB", 1)])
    model.output("logits")
    let refused = try importDamaged(model.bytes(), count: 2000, seed: 3)
    #expect((1..<2000).contains(refused))
  }

  @Test(.enabled(if: SharedFiles.isPresent, "../shared is absent: no published network is damaged"))
  func publishedNetwork() throws {
    // The structure is what matters: most of the file is weights, so the mutations go into a shortened one.
    var proto = try decodeONNX(try SharedFiles.bytes("models/mbv2-w0.35.onnx"))
    for position in proto.graph.initializer.indices
    where proto.graph.initializer[position].rawData.count > 2000 {
      proto.graph.initializer[position].rawData = Data()
      proto.graph.initializer[position].dims = [0]
    }
    let refused = try importDamaged(encodeONNX(proto), count: 60, seed: 5)
    #expect(refused == 60)
    let whole = try SharedFiles.bytes("models/mbv2-w0.35.onnx")
    #expect(try importDamaged(whole, count: 12, seed: 6) > 0)
  }
}
