import Graph

/// A dictionary of a tiny-training pickle, with typed access and its place for errors.
struct TinyTrainingEntry {
  let path: String
  private let pickle: Pickle
  private let value: PickleValue

  init(_ pickle: Pickle, _ value: PickleValue, _ path: String) {
    self.pickle = pickle
    self.value = value
    self.path = path
  }

  private func field(_ key: String) throws(ImportProblem) -> PickleValue {
    guard let entries = pickle.dictionary(value) else {
      throw ImportProblem(.structure, "\(path) is no dictionary")
    }
    guard let field = entries[key] else { throw ImportProblem(.structure, "\(path) has no '\(key)'") }
    return field
  }

  func entry(_ key: String) throws(ImportProblem) -> TinyTrainingEntry {
    TinyTrainingEntry(pickle, try field(key), "\(path).\(key)")
  }

  /// The entry, or `nil` where it is None.
  func optionalEntry(_ key: String) throws(ImportProblem) -> TinyTrainingEntry? {
    if case .none = try field(key) { return nil }
    return try entry(key)
  }

  /// Refuses anything but None (or nothing) under `key`.
  func expectNone(_ key: String) throws(ImportProblem) {
    guard let entries = pickle.dictionary(value), let field = entries[key] else { return }
    guard case .none = field else {
      throw ImportProblem(.unsupported, "\(path) has '\(key)', which is not supported")
    }
  }

  func list(_ key: String) throws(ImportProblem) -> [TinyTrainingEntry] {
    guard let elements = pickle.elements(try field(key)) else {
      throw ImportProblem(.structure, "\(path).\(key) is no list")
    }
    return elements.enumerated().map { TinyTrainingEntry(pickle, $1, "\(path).\(key)[\($0)]") }
  }

  /// An integer up to the largest dimension.
  func int(_ key: String) throws(ImportProblem) -> Int {
    guard case .int(let number) = try field(key), abs(number) <= onnxElementLimit else {
      throw ImportProblem(.structure, "\(path).\(key) is no integer")
    }
    return number
  }

  /// The scale and zero point of `x` or `y`.
  func quantization(_ side: String) throws(ImportProblem) -> Quantization {
    guard case .double(let scale) = try field("\(side)_scale"), scale > 0, scale.isFinite else {
      throw ImportProblem(.quantization, "\(path).\(side)_scale is no positive, finite number")
    }
    let zero = try int("\(side)_zero")
    guard (-128...127).contains(zero) else {
      throw ImportProblem(.quantization, "\(path).\(side)_zero is \(zero), outside of int8")
    }
    return .perTensor(scale: scale, zeroPoint: zero)
  }

  /// A numpy array of the element type `i1`, `i4` or `f4`, with as many bytes as its shape needs.
  func array(_ key: String, _ type: String) throws(ImportProblem) -> PickledArray {
    guard case .array(let array)? = pickle.object(try field(key)), array.type == type,
      let count = elementCount(array.shape), let size = type.last?.wholeNumberValue
    else { throw ImportProblem(.structure, "\(path).\(key) is no array of type \(type)") }
    guard array.bytes.count == count * size else {
      throw ImportProblem(
        .structure,
        "\(path).\(key) \(array.shape) holds \(array.bytes.count) bytes, \(count * size) are needed")
    }
    return array
  }
}
