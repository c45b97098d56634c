import Foundation
import Graph
import Importers
import Testing

@Suite(.enabled(if: SharedFiles.isPresent, "../shared is absent: the ONNX node models are not imported"))
struct ONNXNodeModelTests {
  @Test func eachGivesAGraphOrAnErrorThatNamesTheOperator() throws {
    let index = String(decoding: try SharedFiles.bytes("golden/onnx-node/index.csv"), as: UTF8.self)
    let rows = index.split(whereSeparator: \.isNewline).dropFirst().map {
      $0.split(separator: ",").map(String.init)
    }
    #expect(rows.count == 103)
    for row in rows {
      do {
        let model = try importONNX(SharedFiles.bytes("golden/onnx-node/\(row[0])/model.onnx"), name: row[0])
        try model.graph.validate()
      } catch let error as ImportError {
        #expect(error.problems.contains { $0.description.contains(row[1]) }, "\(row[0]): \(error)")
      }
    }
  }
}
