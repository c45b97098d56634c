import Graph

/// One field of a kernel's argument struct.
public struct KernelArgument: Sendable, Hashable, Codable {
  public enum Value: Sendable, Hashable, Codable {
    case int32(Int32)
    case float32(Float)
  }

  /// The field's name in the C struct.
  public var name: String
  public var value: Value

  public init(_ name: String, _ value: Int) {
    self.name = name
    self.value = .int32(Int32(clamping: value))
  }

  public init(_ name: String, _ value: Float) {
    self.name = name
    self.value = .float32(value)
  }

  /// The field's four little-endian bytes.
  public var bytes: [UInt8] {
    switch value {
    case .int32(let value): littleEndianBytes([value])
    case .float32(let value): littleEndianBytes([value])
    }
  }
}

/// A constant array that a kernel reads beside its tensors: multipliers, channel orders.
public struct ConstantTable: Sendable, Hashable, Codable {
  public enum Element: String, Sendable, Codable {
    /// Pairs of int32: multiplier, shift.
    case requantization
    case int16
    case uint16
    case float64
  }

  public var name: String
  public var element: Element
  /// Little-endian.
  public var bytes: [UInt8]

  public init(name: String, element: Element, bytes: [UInt8]) {
    self.name = name
    self.element = element
    self.bytes = bytes
  }
}

/// What a kernel is handed in one pointer position.
public enum Operand: Sendable, Hashable, Codable {
  case tensor(String)
  case table(ConstantTable)
  case scratch
  case null
}

/// An output that may take the place of an input, both starting at the same address.
public struct InPlacePair: Sendable, Hashable, Codable {
  public var input: String
  public var output: String

  public init(input: String, output: String) {
    self.input = input
    self.output = output
  }
}

/// A call of one kernel of `tinysdk_kernels.h`.
public struct KernelCall: Sendable, Hashable, Codable {
  public var symbol: String
  /// The C type of the argument struct.
  public var argumentType: String
  /// In the struct's field order.
  public var arguments: [KernelArgument]
  /// In the prototype's order, behind the argument struct.
  public var operands: [Operand]
  public var inPlace: [InPlacePair]

  public init(
    _ symbol: String, argumentType: String, arguments: [KernelArgument], operands: [Operand],
    inPlace: [InPlacePair] = []
  ) {
    self.symbol = symbol
    self.argumentType = argumentType
    self.arguments = arguments
    self.operands = operands
    self.inPlace = inPlace
  }

  /// The argument struct's bytes, as they lie in the device's flash.
  public var argumentBytes: [UInt8] { arguments.flatMap(\.bytes) }
}
