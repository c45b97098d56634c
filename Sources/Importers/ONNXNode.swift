/// A node of an ONNX graph, with typed access to its attributes.
struct ONNXNode {
  /// Unique in the model.
  var name: String
  var op: String
  /// With `Identity` and `Dropout` already looked through; empty for an absent optional input.
  var inputs: [String]
  var outputs: [String]
  var attributes: [String: ONNXAttributeProto]

  /// The name of the input at `position`, or `nil` where it is absent.
  func input(_ position: Int) -> String? {
    inputs.indices.contains(position) && !inputs[position].isEmpty ? inputs[position] : nil
  }

  /// The name of the input at `position`.
  func requiredInput(_ position: Int) throws(ImportProblem) -> String {
    guard let name = input(position) else {
      throw ImportProblem(.structure, "input \(position) is missing")
    }
    return name
  }

  /// The name of the first output.
  func output() throws(ImportProblem) -> String {
    guard let name = outputs.first, !name.isEmpty else {
      throw ImportProblem(.structure, "it has no output")
    }
    return name
  }

  /// Refuses attributes that are not in `known`.
  func checkAttributes(_ known: Set<String>) throws(ImportProblem) {
    let unknown = attributes.keys.filter { !known.contains($0) }.sorted()
    guard unknown.isEmpty else {
      throw ImportProblem(
        .unsupported, "attribute \(unknown.map { "'\($0)'" }.joined(separator: ", ")) is not supported")
    }
  }

  /// An integer attribute within `range`.
  func int(_ key: String, default fallback: Int, in range: ClosedRange<Int>) throws(ImportProblem) -> Int {
    guard let attribute = attributes[key] else { return fallback }
    guard attribute.hasI else { throw ImportProblem(.structure, "attribute '\(key)' is no integer") }
    return try checked(Int(attribute.i), key, in: range)
  }

  /// A list attribute of `count` integers within `range`.
  func ints(
    _ key: String, default fallback: [Int], in range: ClosedRange<Int>
  ) throws(ImportProblem) -> [Int] {
    guard let attribute = attributes[key] else { return fallback }
    guard attribute.ints.count == fallback.count else {
      throw ImportProblem(
        .unsupported, "attribute '\(key)' has \(attribute.ints.count) values, \(fallback.count) are supported"
      )
    }
    var values: [Int] = []
    for value in attribute.ints { values.append(try checked(Int(value), key, in: range)) }
    return values
  }

  /// A list attribute of any length; `nil` where it is absent.
  func anyInts(_ key: String) -> [Int]? {
    attributes[key].map { $0.ints.map { Int($0) } }
  }

  /// A float attribute; `nil` where it is absent.
  func float(_ key: String) throws(ImportProblem) -> Float? {
    guard let attribute = attributes[key] else { return nil }
    guard attribute.hasF else { throw ImportProblem(.structure, "attribute '\(key)' is no float") }
    return attribute.f
  }

  /// A string attribute.
  func string(_ key: String, default fallback: String) -> String {
    attributes[key].map { String(decoding: $0.s, as: UTF8.self) } ?? fallback
  }

  private func checked(_ value: Int, _ key: String, in range: ClosedRange<Int>) throws(ImportProblem) -> Int {
    guard range.contains(value) else {
      throw ImportProblem(
        .unsupported,
        "attribute '\(key)' is \(value); from \(range.lowerBound) to \(range.upperBound) is supported")
    }
    return value
  }
}
