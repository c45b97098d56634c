import Compiler
import Foundation
import Graph
import Importers
import Testing
import Training

/// The file of published schemes, as far as the tests read it.
private struct SchemeFile: Decodable {
  struct Memory: Decodable {
    var weight_bytes: Int
    var activation_bytes: Int
  }
  struct Scheme: Decodable {
    var label: String
    var weight_bytes: Int
    var activation_bytes: Int
    var total_bytes: Int
    var updated_weights: Int
    var selected_channels: [String: [Int]]
  }
  struct Network: Decodable {
    var model: String
    var schemes: [Scheme]
    var bias_only_last_k: [Memory]
    var weights_and_bias_last_k: [Memory]
    var full_update_bytes: Int
  }
  var models: [String: Network]
}

private func networks() throws -> [(Graph, SchemeFile.Network)] {
  let shared = try #require(sharedFolder)
  let file = try JSONDecoder().decode(
    SchemeFile.self, from: Data(contentsOf: shared.appendingPathComponent("golden/sparse_schemes.json")))
  return try file.models.values.map { network in
    let path = shared.appendingPathComponent("models/\(network.model).onnx").path
    return (try runPasses(importONNX(path: path).graph, CompileOptions(), through: "fold"), network)
  }
}

@Suite(.enabled(if: sharedFolder != nil, "skipped: ../shared with the published schemes is absent"))
struct UpdateMemoryTests {
  @Test func publishedSchemesHaveTheirPublishedBytes() throws {
    var count = 0
    for (graph, network) in try networks() {
      let layers = try updatableLayers(of: graph).count
      for published in network.schemes {
        let scheme = try UpdateScheme(named: published.label, layers: layers)
        let memory = try updateMemory(of: scheme, in: graph)
        #expect(memory.weightBytes == published.weight_bytes, "\(network.model) \(published.label)")
        #expect(memory.activationBytes == published.activation_bytes, "\(network.model) \(published.label)")
        #expect(memory.totalBytes == published.total_bytes)
        count += 1
      }
    }
    #expect(count == 10)
  }

  @Test func channelsAreThoseOfLargestNorm() throws {
    for (graph, network) in try networks() {
      for published in network.schemes {
        let options = CompileOptions(classes: 10, update: .named(published.label))
        let chosen = try runPasses(graph, options, through: "choose-updates")
        let layers = try updatableLayers(of: graph)
        for (index, channels) in published.selected_channels {
          let layer = layers[try #require(Int(index))]
          let forward = try #require(chosen.nodes.first { $0.name == layer.name && $0.phase == .forward })
          let trained = forward.ints("trained", default: Array(0..<layer.inputChannels))
          #expect(trained == channels, "\(network.model) \(published.label) \(layer.name)")
        }
      }
    }
  }

  @Test func lastBiasesAndLastLayersForEveryK() throws {
    for (graph, network) in try networks() {
      let layers = try updatableLayers(of: graph).count
      for (k, expected) in network.bias_only_last_k.enumerated() {
        let memory = try updateMemory(of: .lastBiases(k, of: layers), in: graph)
        #expect(
          memory.weightBytes == expected.weight_bytes && memory.activationBytes == expected.activation_bytes)
      }
      for (k, expected) in network.weights_and_bias_last_k.enumerated() {
        let memory = try updateMemory(of: .last(k, of: layers), in: graph)
        #expect(
          memory.weightBytes == expected.weight_bytes && memory.activationBytes == expected.activation_bytes)
      }
      #expect(try updateMemory(of: .full(layers), in: graph).totalBytes == network.full_update_bytes)
    }
  }
}
