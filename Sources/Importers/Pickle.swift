/// A value of a pickle. Everything that nests lies in `Pickle.objects` and is referred to by its index, as
/// in Python.
enum PickleValue {
  case none
  case bool(Bool)
  case int(Int)
  case double(Double)
  case string(String)
  /// One of the allowed functions and types, as `module.name`.
  case global(String)
  case object(Int)
}

/// What a pickle value can refer to.
enum PickleObject {
  case dictionary([String: PickleValue])
  case list([PickleValue])
  case tuple([PickleValue])
  case bytes([UInt8])
  /// `type` is `i1`, `i4`, `f4` and the like.
  case arrayType(type: String, isLittleEndian: Bool)
  case array(PickledArray)
}

/// A numpy array in C order.
struct PickledArray {
  var shape: [Int] = []
  var type = ""
  /// Little-endian.
  var bytes: [UInt8] = []
}

/// A decoded pickle: plain data and numpy arrays.
struct Pickle {
  var objects: [PickleObject]
  var root: PickleValue

  func object(_ value: PickleValue) -> PickleObject? {
    if case .object(let index) = value { objects[index] } else { nil }
  }

  /// The entries of a dictionary; `nil` for anything else.
  func dictionary(_ value: PickleValue) -> [String: PickleValue]? {
    if case .dictionary(let entries)? = object(value) { entries } else { nil }
  }

  /// The elements of a list or tuple; `nil` for anything else.
  func elements(_ value: PickleValue) -> [PickleValue]? {
    switch object(value) {
    case .list(let elements), .tuple(let elements): elements
    default: nil
    }
  }
}
