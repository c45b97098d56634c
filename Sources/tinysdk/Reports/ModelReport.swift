import Compiler
import Graph
import ImageBuild
import Importers
import Operators

/// An imported network, layer by layer.
package struct ModelReport: Equatable, Codable, Sendable {
  package struct Port: Equatable, Codable, Sendable {
    package var name: String
    package var element: String
    package var shape: [Int]
    package var scale: Double?
    package var zeroPoint: Int?
  }

  package struct Layer: Equatable, Codable, Sendable {
    package var name: String
    package var op: String
    /// The number by which an update scheme calls the layer; `nil` where nothing can be trained.
    package var number: Int?
    package var inputShape: [Int]
    package var outputShape: [Int]
    package var outputScale: Double?
    package var outputZeroPoint: Int?
    package var parameterBytes: Int
    package var macs: Int
    /// How many input channels' weights can learn one by one; 1 where they learn whole, 0 where none can.
    package var trainableChannels: Int
    package var hasTrainableBias: Bool
  }

  package var model: String
  package var input: Port
  package var output: Port
  package var layers: [Layer]
  package var macs: Int
  package var parameterBytes: Int
  /// Published schemes for a network of this many layers.
  package var schemes: [String]
  package var notes: [String]

  /// - Throws: what shape and cost rules refuse.
  package init(_ imported: ImportedModel) throws {
    let graph = imported.graph
    let trainable = Dictionary(
      uniqueKeysWithValues: try updatableLayers(of: graph).enumerated().map { ($1.node, ($0, $1)) })
    model = graph.name
    input = try Port(graph.tensors(role: .input).first?.name ?? "", in: graph)
    output = try Port(graph.outputs.first ?? "", in: graph)
    layers = try graph.nodes.enumerated().map { position, node in
      try Layer(node, graph, trainable[position])
    }
    macs = layers.reduce(0) { $0 + $1.macs }
    parameterBytes = layers.reduce(0) { $0 + $1.parameterBytes }
    schemes = publishedSchemes.filter { $0.layers == trainable.count }.map(\.scheme.name)
    notes = imported.notes.map(\.description)
  }

  package var text: String {
    let rows = layers.map { layer in
      [
        layer.number.map(String.init) ?? "", layer.name, layer.op, shapeText(layer.inputShape),
        shapeText(layer.outputShape), quantizationText(layer.outputScale, layer.outputZeroPoint),
        layer.parameterBytes == 0 ? "" : grouped(layer.parameterBytes),
        layer.macs == 0 ? "" : grouped(layer.macs),
        trainableText(layer),
      ]
    }
    let headings = [
      "", "layer", "operator", "input", "output", "output scale", "bytes", "MACs", "can be trained",
    ]
    let trainable = layers.filter { $0.number != nil }.count
    let published = schemes.isEmpty ? "" : ", published schemes \(schemes.joined(separator: ", "))"
    return
      ([
        "\(model): \(input.text) to \(output.text)", "", textTable(headings, rows), "",
        "\(grouped(macs)) MACs, \(grouped(parameterBytes)) bytes of weights and biases",
        "\(trainable) layers can be trained by number\(published); a head always is",
      ] + notes.map { "note: \($0)" }).joined(separator: "\n")
  }

  private func trainableText(_ layer: Layer) -> String {
    guard layer.number != nil else { return "" }
    if layer.op == "dense_f32" { return "weights\(layer.hasTrainableBias ? ", bias" : "")" }
    return "\(layer.trainableChannels) channels\(layer.hasTrainableBias ? ", bias" : "")"
  }
}

extension ModelReport.Port {
  fileprivate init(_ tensor: String, in graph: Graph) throws {
    let tensor = try graph.tensor(tensor)
    name = tensor.name
    element = tensor.element.rawValue
    shape = tensor.shape
    scale = tensor.quantization?.scale
    zeroPoint = tensor.quantization?.zeroPoint
  }

  fileprivate var text: String {
    let quantization = quantizationText(scale, zeroPoint)
    return "\(name) \(element) \(shapeText(shape))" + (quantization.isEmpty ? "" : " (\(quantization))")
  }
}

extension ModelReport.Layer {
  fileprivate init(_ node: Node, _ graph: Graph, _ trainable: (number: Int, layer: UpdatableLayer)?) throws {
    let output = try graph.tensor(node.outputs[0])
    let constants = try node.inputs.dropFirst().filter { !$0.isEmpty }.map(graph.tensor).filter {
      $0.role == .constant
    }
    name = node.layer
    op = node.op
    number = trainable?.number
    inputShape = try graph.tensor(node.inputs[0]).shape
    outputShape = output.shape
    outputScale = output.quantization?.scale
    outputZeroPoint = output.quantization?.zeroPoint
    parameterBytes = constants.reduce(0) { $0 + $1.byteCount }
    macs = try operatorDefinition(of: node).macs(node, graph)
    trainableChannels = trainable?.layer.inputChannels ?? 0
    hasTrainableBias = trainable?.layer.bias != nil
  }
}

/// `3x128x128`, without the batch.
private func shapeText(_ shape: [Int]) -> String { shape.dropFirst().map(String.init).joined(separator: "x") }

/// `0.023 -128`: scale to four digits, and zero point.
private func quantizationText(_ scale: Double?, _ zeroPoint: Int?) -> String {
  guard let scale, let zeroPoint else { return "" }
  var digits = 1.0
  while scale > 0, scale * digits < 1000 { digits *= 10 }
  return "\((scale * digits).rounded() / digits) \(zeroPoint)"
}
