import Foundation
import Graph
import Importers
import Testing

struct TinyTrainingTests {
  static let networks = ["mcunet-5fps", "mbv2-w0.35"]

  /// The graph with every scale rounded to float32, as ONNX holds it.
  private func withFloatScales(_ graph: Graph) throws -> Graph {
    var graph = graph
    for tensor in graph.tensors {
      try graph.update(tensor.name) { tensor in
        guard var quantization = tensor.quantization else { return }
        quantization.scales = quantization.scales.map { Double(Float($0)) }
        tensor.quantization = quantization
      }
    }
    return graph
  }

  @Test(
    .enabled(if: SharedFiles.isPresent, "../shared is absent: the original pickles are not imported"),
    arguments: networks)
  func equalsTheONNXImportButForScales(_ network: String) throws {
    let pickled = try importTinyTraining(path: SharedFiles.path("models/tiny-training/\(network).pkl"))
    let onnx = try importONNX(path: SharedFiles.path("models/\(network).onnx"))
    #expect(pickled.graph.name == network)
    var expected = onnx.graph
    expected.name = network
    let rounded = try withFloatScales(pickled.graph)
    #expect(rounded.nodes == expected.nodes)
    #expect(rounded.outputs == expected.outputs)
    #expect(Set(rounded.tensors.map(\.name)) == Set(expected.tensors.map(\.name)))
    for tensor in rounded.tensors { #expect(try expected.tensor(tensor.name) == tensor) }
    #expect(pickled.notes == onnx.notes)
    #expect(rounded != pickled.graph)
  }

  @Test(
    .enabled(if: SharedFiles.isPresent, "../shared is absent: the original pickles are not imported"))
  func survivesMutations() throws {
    let bytes = try SharedFiles.bytes("models/tiny-training/mbv2-w0.35.pkl")
    var random = SplitMix64(state: 7)
    var refused = 0
    for _ in 0..<30 {
      do {
        _ = try importTinyTraining(mutated(bytes, &random))
      } catch {
        #expect(!error.problems.isEmpty)
        refused += 1
      }
    }
    #expect(refused > 0)
  }

  @Test func refusesForeignGlobals() {
    let pickle: [UInt8] = [0x80, 2] + Array("cposix\nsystem\nX".utf8) + [4, 0, 0, 0] + Array("true".utf8)
    let error = #expect(throws: ImportError.self) {
      try importTinyTraining(storedZip("archive/data.pkl", pickle + [0x85] + Array("R.".utf8)))
    }
    #expect(error?.description.contains("the global 'posix.system' is not allowed") == true)
  }

  @Test func refusesOtherOpcodesAndProtocols() {
    for (pickle, message) in [
      ([0x80, 2, UInt8(ascii: "i")], "opcode 0x69 is not allowed"), ([0x80, 4], "pickle protocol 4"),
      ([0x80, 2], "ends too early"), ([UInt8(ascii: "R")], "stack is empty"),
      ([UInt8(ascii: "t")], "no mark"),
      ([UInt8(ascii: "h"), 9], "refers to nothing"), (Array("N.".utf8), "the file is no dictionary"),
      (Array("}.".utf8), "the file has no 'first_conv'"),
    ] as [([UInt8], String)] {
      let error = #expect(throws: ImportError.self) {
        try importTinyTraining(storedZip("archive/data.pkl", pickle))
      }
      #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    }
  }

  @Test func refusesDeepNestingWithoutACrash() {
    let pickle =
      [0x80, 2, UInt8(ascii: "N")] + [UInt8](repeating: 0x85, count: 500_000) + [UInt8(ascii: ".")]
    #expect(throws: ImportError.self) { try importTinyTraining(storedZip("data.pkl", pickle)) }
  }

  @Test func refusesWhatIsNoArchive() {
    for (bytes, message) in [
      ([], "no whole zip archive"), ([1, 2, 3], "no whole zip archive"),
      (storedZip("other", [1]), "no entry 'data.pkl'"),
      (storedZip("data.pkl", [1], method: 8), "is compressed"),
    ] as [([UInt8], String)] {
      let error = #expect(throws: ImportError.self) { try importTinyTraining(bytes) }
      #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    }
  }
}
