import Compiler
import Project
import TestNetworks
import Testing

struct UpdateSettingTests {
  private let layers: [UpdatableLayer]

  init() throws {
    var network = try NetworkBuilder("three", input: [4, 6, 6])
    for _ in 0..<3 { try network.convolution(8) }
    layers = try updatableLayers(of: network.graph)
    try #require(layers.map(\.name) == ["conv0", "conv1", "conv2"])
  }

  @Test func layersAreFoundByNumberAndName() throws {
    let setting = UpdateSetting.layers(
      .init(biases: .layers(["0", "conv2"]), weights: ["conv1": .fraction(0.5), "2": .list([1])]))
    #expect(
      try setting.resolved(layers: layers)
        == .scheme(
          UpdateScheme(name: "custom", biases: [0, 2], weights: [1: .fraction(0.5), 2: .list([1])])))
  }

  @Test func theLastBiasesAreCountedFromTheEnd() throws {
    let setting = UpdateSetting.layers(.init(biases: .last(2)))
    #expect(try setting.resolved(layers: layers) == .scheme(UpdateScheme(name: "custom", biases: [1, 2])))
  }

  @Test func ofTheLastLayersThoseWithABiasLearn() throws {
    var network = try NetworkBuilder("three", input: [4, 6, 6])
    for _ in 0..<3 { try network.convolution(8) }
    let layers = try updatableLayers(of: network.graph.withoutBiases(of: ["conv1"]))
    let counted = UpdateSetting.layers(.init(biases: .last(2)))
    #expect(try counted.resolved(layers: layers) == .scheme(UpdateScheme(name: "custom", biases: [2])))
    // What names the layer is for the compiler to refuse.
    let listed = UpdateSetting.layers(.init(biases: .layers(["1", "conv2"])))
    #expect(try listed.resolved(layers: layers) == .scheme(UpdateScheme(name: "custom", biases: [1, 2])))
  }

  @Test func unknownLayersAreToldAllAtOnce() throws {
    let setting = UpdateSetting.layers(
      .init(biases: .layers(["cnv0", "7"]), weights: ["head": .fraction(1)]))
    let error = #expect(throws: UnknownLayers.self) { try setting.resolved(layers: layers) }
    #expect(error?.names == ["cnv0", "7", "head"])
    #expect(error?.description.contains("'cnv0'; did you mean 'conv0'?") == true)
  }
}
