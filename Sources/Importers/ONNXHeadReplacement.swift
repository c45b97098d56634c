import Foundation
import Graph

extension ONNXModelProto {
  /// Replaces everything behind the head's features, whose size is already checked.
  /// - Returns: what does not fit.
  mutating func replaceHead(with head: TrainedHead) -> [String] {
    guard let features = graph.realFeatures(of: head.features) else {
      return ["the head's features '\(head.features)' are no tensor of the file; choose one that it names"]
    }
    graph.keepOnly(features)
    graph.appendHead(head, features)
    if !head.classNames.isEmpty, let names = try? JSONEncoder().encode(head.classNames) {
      metadataProps.removeAll { $0.key == "class_names" }
      var entry = ONNXStringStringEntryProto()
      entry.key = "class_names"
      entry.value = String(decoding: names, as: UTF8.self)
      metadataProps.append(entry)
    }
    return []
  }
}

/// How a file names the features of a head.
private struct FeatureSource {
  /// The tensor to read.
  var source: String
  /// Scale and zero point of its `DequantizeLinear`; empty where it is float32 already.
  var parameters: [String]
}

extension ONNXGraphProto {
  /// Finds a tensor that stands for the features. Integers come with the parameters that the file has for
  /// them; the graph's names of values between are those of float32 tensors in the file.
  fileprivate func realFeatures(of name: String) -> FeatureSource? {
    let reader = node.first { $0.opType == "DequantizeLinear" && $0.input.first == name }
    let writer = node.first { $0.opType == "QuantizeLinear" && $0.output.first == name }
    if let quantizing = reader ?? writer {
      return FeatureSource(source: name, parameters: Array(quantizing.input.dropFirst()))
    }
    guard node.contains(where: { $0.output.contains(name) }) || input.contains(where: { $0.name == name })
    else {
      return nil
    }
    return FeatureSource(source: name, parameters: [])
  }

  /// Drops all nodes that the features do not need, and the initializers, inputs and shapes that go with
  /// them.
  fileprivate mutating func keepOnly(_ features: FeatureSource) {
    var producers: [String: Int] = [:]
    for (position, node) in node.enumerated() {
      for output in node.output where !output.isEmpty { producers[output] = position }
    }
    var needed: Set<Int> = []
    var waiting = [features.source]
    while let tensor = waiting.popLast() {
      guard let position = producers[tensor], needed.insert(position).inserted else { continue }
      waiting += node[position].input
    }
    node = node.enumerated().filter { needed.contains($0.offset) }.map(\.element)
    valueInfo.removeAll { producers[$0.name].map { !needed.contains($0) } ?? false }
    let read = Set(node.flatMap(\.input) + features.parameters + [features.source])
    let unused = Set(initializer.map(\.name)).subtracting(read)
    initializer.removeAll { unused.contains($0.name) }
    input.removeAll { unused.contains($0.name) }
  }

  /// Appends DequantizeLinear → Flatten → Gemm and makes its result the output.
  fileprivate mutating func appendHead(_ head: TrainedHead, _ features: FeatureSource) {
    var taken = Set(node.flatMap(\.output) + initializer.map(\.name) + input.map(\.name))
    func free(_ base: String) -> String {
      var name = base
      while !taken.insert(name).inserted { name = "head.\(name)" }
      return name
    }
    var real = features.source
    if !features.parameters.isEmpty {
      let output = free("head.features")
      append("DequantizeLinear", free("head.dequantize"), [real] + features.parameters, output)
      real = output
    }
    let flat = free("head.flat")
    let logits = free("logits")
    let (weight, bias) = (free("head.weight"), free("head.bias"))
    let outputs = head.bias.count
    append("Flatten", free("head.flatten"), [real], flat)
    append("Gemm", free("head.gemm"), [flat, weight, bias], logits, attributes: ["transB": 1])
    initializer.append(floatTensor(weight, [outputs, head.weights.count / outputs], head.weights))
    initializer.append(floatTensor(bias, [outputs], head.bias))
    output = [outputInfo(logits, outputs)]
  }

  private mutating func append(
    _ op: String, _ name: String, _ inputs: [String], _ output: String, attributes: [String: Int64] = [:]
  ) {
    var proto = ONNXNodeProto()
    proto.opType = op
    proto.name = name
    proto.input = inputs
    proto.output = [output]
    proto.attribute = attributes.map { key, value in
      var attribute = ONNXAttributeProto()
      attribute.name = key
      attribute.i = value
      attribute.type = .int
      return attribute
    }
    node.append(proto)
  }

  private func floatTensor(_ name: String, _ shape: [Int], _ values: [Float]) -> ONNXTensorProto {
    var tensor = ONNXTensorProto()
    tensor.name = name
    tensor.dims = shape.map { Int64($0) }
    tensor.dataType = Int32(ONNXTensorProto.DataType.float.rawValue)
    tensor.rawData = Data(littleEndianBytes(values))
    return tensor
  }

  /// `[batch, outputs]`, with the batch of the file's input.
  private func outputInfo(_ name: String, _ outputs: Int) -> ONNXValueInfoProto {
    var batch = ONNXTensorShapeProto.Dimension()
    batch.dimValue = 1
    if let dim = input.first?.type.tensorType.shape.dim.first, dim.hasDimParam { batch = dim }
    var width = ONNXTensorShapeProto.Dimension()
    width.dimValue = Int64(outputs)
    var info = ONNXValueInfoProto()
    info.name = name
    info.type.tensorType.elemType = Int32(ONNXTensorProto.DataType.float.rawValue)
    info.type.tensorType.shape.dim = [batch, width]
    return info
  }
}
