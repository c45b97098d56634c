import Foundation

/// A dense array of numbers as a file stores it, in C order. The bytes stay as they are (and stay mapped,
/// if the file was); values are converted when they are asked for.
public struct NumericArray: Sendable, Equatable {
  public enum ElementType: String, Sendable, CaseIterable {
    case bool = "b1"
    case uint8 = "u1"
    case uint16 = "u2"
    case uint32 = "u4"
    case uint64 = "u8"
    case int8 = "i1"
    case int16 = "i2"
    case int32 = "i4"
    case int64 = "i8"
    case float16 = "f2"
    case float32 = "f4"
    case float64 = "f8"

    public var byteCount: Int {
      switch self {
      case .bool, .uint8, .int8: 1
      case .uint16, .int16, .float16: 2
      case .uint32, .int32, .float32: 4
      case .uint64, .int64, .float64: 8
      }
    }
  }

  public let shape: [Int]
  public let elementType: ElementType
  public let isBigEndian: Bool
  /// `count * elementType.byteCount` bytes.
  public let bytes: Data

  /// The number of elements.
  public var count: Int { shape.reduce(1, *) }
  /// The size of the first dimension: the number of samples (1 for a scalar).
  public var rowCount: Int { shape.first ?? 1 }
  /// The number of elements in one sample.
  public var rowSize: Int { shape.dropFirst().reduce(1, *) }

  init(shape: [Int], elementType: ElementType, isBigEndian: Bool, bytes: Data) {
    self.shape = shape
    self.elementType = elementType
    self.isBigEndian = isBigEndian
    self.bytes = bytes
  }

  /// An array of float64 values held in memory.
  public init(shape: [Int], values: [Double]) {
    let bytes = values.withUnsafeBytes { Data($0) }
    self.init(shape: shape, elementType: .float64, isBigEndian: Self.hostIsBigEndian, bytes: bytes)
  }

  private static let hostIsBigEndian = UInt16(bigEndian: 1) == 1

  /// The values of one sample: all elements with first index `index`.
  public func row(_ index: Int) -> [Double] {
    values(in: index * rowSize..<(index + 1) * rowSize)
  }

  /// The values at the flat indices `range`. 64-bit integers are rounded to the nearest double.
  public func values(in range: Range<Int>) -> [Double] {
    switch elementType {
    case .bool: integers(range, UInt8.self) { $0 == 0 ? 0 : 1 }
    case .uint8: integers(range, UInt8.self) { Double($0) }
    case .uint16: integers(range, UInt16.self) { Double($0) }
    case .uint32: integers(range, UInt32.self) { Double($0) }
    case .uint64: integers(range, UInt64.self) { Double($0) }
    case .int8: integers(range, Int8.self) { Double($0) }
    case .int16: integers(range, Int16.self) { Double($0) }
    case .int32: integers(range, Int32.self) { Double($0) }
    case .int64: integers(range, Int64.self) { Double($0) }
    case .float16: integers(range, UInt16.self) { Double(Float16(bitPattern: $0)) }
    case .float32: integers(range, UInt32.self) { Double(Float(bitPattern: $0)) }
    case .float64: integers(range, UInt64.self) { Double(bitPattern: $0) }
    }
  }

  /// Loads the words of `range`, puts their bytes in the host's order and converts them.
  private func integers<Word: FixedWidthInteger>(
    _ range: Range<Int>, _ type: Word.Type, _ convert: (Word) -> Double
  ) -> [Double] {
    let size = MemoryLayout<Word>.size
    return bytes.withUnsafeBytes { raw in
      range.map { index in
        let word = raw.loadUnaligned(fromByteOffset: index * size, as: Word.self)
        return convert(isBigEndian ? Word(bigEndian: word) : Word(littleEndian: word))
      }
    }
  }
}
