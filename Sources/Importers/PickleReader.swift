import Foundation

/// Reads pickles (protocol 2) of plain data and numpy arrays, and nothing that could run code: four globals
/// are allowed, each with a fixed meaning, and every other global or opcode is refused. Source: Python's
/// `pickletools`, numpy's `ndarray.__reduce__`.
struct PickleReader {
  private static let allowedGlobals: Set = [
    "numpy.core.multiarray._reconstruct", "numpy._core.multiarray._reconstruct", "numpy.ndarray",
    "numpy.dtype",
    "_codecs.encode",
  ]

  private let bytes: ArraySlice<UInt8>
  private var position: Int
  private var stack: [PickleValue] = []
  private var marks: [Int] = []
  private var memo: [Int: PickleValue] = [:]
  private var objects: [PickleObject] = []

  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    position = bytes.startIndex
  }

  /// Runs the pickle to its end.
  /// - Throws: `ImportProblem` with the offset, for damaged bytes and for whatever is not allowed.
  mutating func read() throws(ImportProblem) -> Pickle {
    while true {
      let code = try take(1)[0]
      if code == UInt8(ascii: ".") { return Pickle(objects: objects, root: try pop()) }
      try execute(code)
    }
  }

  private mutating func execute(_ code: UInt8) throws(ImportProblem) {
    switch code {
    case 0x80: try checkProtocol()
    case UInt8(ascii: "("): marks.append(stack.count)
    case UInt8(ascii: "N"): stack.append(.none)
    case 0x88: stack.append(.bool(true))
    case 0x89: stack.append(.bool(false))
    case UInt8(ascii: "K"): stack.append(.int(try unsigned(1)))
    case UInt8(ascii: "M"): stack.append(.int(try unsigned(2)))
    case UInt8(ascii: "J"): stack.append(.int(Int(Int32(truncatingIfNeeded: try unsigned(4)))))
    case UInt8(ascii: "G"): stack.append(.double(try bigEndianDouble()))
    case UInt8(ascii: "X"): stack.append(.string(try text(try unsigned(4))))
    case UInt8(ascii: "c"): try pushGlobal()
    case UInt8(ascii: "q"): memo[try unsigned(1)] = try top()
    case UInt8(ascii: "r"): memo[try unsigned(4)] = try top()
    case UInt8(ascii: "h"): stack.append(try remembered(try unsigned(1)))
    case UInt8(ascii: "j"): stack.append(try remembered(try unsigned(4)))
    case UInt8(ascii: "}"): push(.dictionary([:]))
    case UInt8(ascii: "]"): push(.list([]))
    case UInt8(ascii: ")"): push(.tuple([]))
    case 0x85, 0x86, 0x87: push(.tuple(try pop(count: Int(code) - 0x84)))
    case UInt8(ascii: "t"): push(.tuple(try popToMark()))
    case UInt8(ascii: "a"): try extendList([try pop()])
    case UInt8(ascii: "e"): try extendList(try popToMark())
    case UInt8(ascii: "s"): try extendDictionary(try pop(count: 2))
    case UInt8(ascii: "u"): try extendDictionary(try popToMark())
    case UInt8(ascii: "R"): try reduce()
    case UInt8(ascii: "b"): try build()
    default: throw problem(.unsupported, "opcode 0x\(String(code, radix: 16)) is not allowed")
    }
  }

  // MARK: Bytes

  private mutating func take(_ count: Int) throws(ImportProblem) -> [UInt8] {
    guard count <= bytes.endIndex - position else { throw problem(.unreadable, "the pickle ends too early") }
    defer { position += count }
    return Array(bytes[position..<(position + count)])
  }

  private mutating func unsigned(_ count: Int) throws(ImportProblem) -> Int {
    try take(count).reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  private mutating func bigEndianDouble() throws(ImportProblem) -> Double {
    Double(bitPattern: try take(8).reduce(0) { $0 << 8 | UInt64($1) })
  }

  private mutating func text(_ count: Int) throws(ImportProblem) -> String {
    guard let text = String(bytes: try take(count), encoding: .utf8) else {
      throw problem(.unreadable, "a text is no UTF-8")
    }
    return text
  }

  private mutating func line() throws(ImportProblem) -> String {
    let length = bytes[position...].prefix(256).firstIndex(of: UInt8(ascii: "\n")).map { $0 - position }
    guard let length else { throw problem(.unreadable, "a name has no end") }
    let line = try text(length)
    position += 1
    return line
  }

  private mutating func checkProtocol() throws(ImportProblem) {
    let version = try unsigned(1)
    guard version == 2 else { throw problem(.unsupported, "pickle protocol \(version); 2 is supported") }
  }

  // MARK: Stack and memo

  private mutating func push(_ object: PickleObject) {
    stack.append(.object(objects.count))
    objects.append(object)
  }

  private func top() throws(ImportProblem) -> PickleValue {
    guard let value = stack.last else { throw problem(.unreadable, "the pickle's stack is empty") }
    return value
  }

  private mutating func pop() throws(ImportProblem) -> PickleValue {
    let value = try top()
    stack.removeLast()
    return value
  }

  private mutating func pop(count: Int) throws(ImportProblem) -> [PickleValue] {
    guard stack.count >= count else { throw problem(.unreadable, "the pickle's stack is empty") }
    defer { stack.removeLast(count) }
    return Array(stack.suffix(count))
  }

  private mutating func popToMark() throws(ImportProblem) -> [PickleValue] {
    guard let mark = marks.popLast(), mark <= stack.count else {
      throw problem(.unreadable, "the pickle has no mark to go back to")
    }
    return try pop(count: stack.count - mark)
  }

  private func remembered(_ key: Int) throws(ImportProblem) -> PickleValue {
    guard let value = memo[key] else { throw problem(.unreadable, "the pickle refers to nothing (\(key))") }
    return value
  }

  // MARK: Containers

  private mutating func extendList(_ values: [PickleValue]) throws(ImportProblem) {
    guard case .object(let index) = try top(), case .list(var elements) = objects[index] else {
      throw problem(.unreadable, "elements are added to what is no list")
    }
    objects[index] = .bytes([])  // so that the elements have one owner and grow in place
    elements += values
    objects[index] = .list(elements)
  }

  private mutating func extendDictionary(_ values: [PickleValue]) throws(ImportProblem) {
    guard case .object(let index) = try top(), case .dictionary(var entries) = objects[index],
      values.count % 2 == 0
    else { throw problem(.unreadable, "entries are added to what is no dictionary") }
    objects[index] = .bytes([])  // as above
    for pair in stride(from: 0, to: values.count, by: 2) {
      guard case .string(let key) = values[pair] else {
        throw problem(.unsupported, "a key of a dictionary is no text")
      }
      entries[key] = values[pair + 1]
    }
    objects[index] = .dictionary(entries)
  }

  // MARK: The four globals

  private mutating func pushGlobal() throws(ImportProblem) {
    let name = "\(try line()).\(try line())"
    guard Self.allowedGlobals.contains(name) else {
      throw problem(.unsupported, "the global '\(name)' is not allowed; only numpy arrays and plain data are")
    }
    stack.append(.global(name))
  }

  private mutating func reduce() throws(ImportProblem) {
    let operands = try pop(count: 2)
    guard case .global(let name) = operands[0], case .object(let index) = operands[1],
      case .tuple(let arguments) = objects[index]
    else { throw problem(.unreadable, "something is called that is no function") }
    switch (name, arguments.first) {
    case ("_codecs.encode", .string(let text)?): push(.bytes(try latin1(text)))
    case ("numpy.dtype", .string(let type)?): push(.arrayType(type: type, isLittleEndian: true))
    case (_, .global("numpy.ndarray")?) where name.hasSuffix("_reconstruct"): push(.array(PickledArray()))
    default: throw problem(.unsupported, "'\(name)' is called in a way that is not known")
    }
  }

  private func latin1(_ text: String) throws(ImportProblem) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      guard let byte = UInt8(exactly: scalar.value) else {
        throw problem(.unreadable, "bytes are written with the character \(scalar.value)")
      }
      bytes.append(byte)
    }
    return bytes
  }

  /// Gives an array or array type its state.
  private mutating func build() throws(ImportProblem) {
    let operands = try pop(count: 2)
    guard case .object(let index) = operands[0], case .object(let stateIndex) = operands[1],
      case .tuple(let state) = objects[stateIndex], state.count >= 2
    else { throw problem(.unreadable, "a state is given to what has none") }
    switch objects[index] {
    case .arrayType(let type, _):
      guard case .string(let order) = state[1] else { throw problem(.unreadable, "a byte order is no text") }
      objects[index] = .arrayType(type: type, isLittleEndian: order != ">")
    case .array: objects[index] = .array(try array(state))
    default: throw problem(.unreadable, "a state is given to what has none")
    }
    stack.append(operands[0])
  }

  /// numpy's state of an array: version, shape, type, Fortran order, bytes.
  private func array(_ state: [PickleValue]) throws(ImportProblem) -> PickledArray {
    guard state.count == 5, let shape = integers(state[1]), elementCount(shape) != nil,
      case .object(let typeIndex) = state[2], case .arrayType(let type, true) = objects[typeIndex],
      case .bool(false) = state[3], case .object(let dataIndex) = state[4],
      case .bytes(let data) = objects[dataIndex]
    else { throw problem(.unsupported, "an array is not in little-endian C order") }
    return PickledArray(shape: shape, type: type, bytes: data)
  }

  private func integers(_ value: PickleValue) -> [Int]? {
    guard case .object(let index) = value, case .tuple(let elements) = objects[index] else { return nil }
    let integers = elements.compactMap { element -> Int? in
      if case .int(let value) = element { value } else { nil }
    }
    return integers.count == elements.count ? integers : nil
  }

  private func problem(_ kind: ImportProblem.Kind, _ message: String) -> ImportProblem {
    ImportProblem(kind, "\(message) (byte \(position - bytes.startIndex) of the pickle)")
  }
}
