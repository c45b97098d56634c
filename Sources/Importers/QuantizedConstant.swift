import Graph

/// An integer initializer behind a `DequantizeLinear`.
struct QuantizedConstant {
  var name: String
  var dims: [Int]
  /// uint8 already shifted to int8.
  var values: [Int]
  /// `int8` or `int32`.
  var element: ElementType
  var isUnsigned: Bool
  /// Per tensor, or per index of `axis`.
  var quantization: Quantization

  /// The matrix with its two axes exchanged.
  func transposed() -> QuantizedConstant {
    guard dims.count == 2 else { return self }
    var result = self
    result.dims = [dims[1], dims[0]]
    result.values = transposedMatrix(values, rows: dims[0], columns: dims[1])
    result.quantization.axis = quantization.axis.map { 1 - $0 }
    return result
  }

  /// The values as little-endian bytes.
  var bytes: [UInt8] {
    switch element {
    case .int8: values.map { UInt8(bitPattern: Int8(truncatingIfNeeded: $0)) }
    default: littleEndianBytes(values.map { Int32(truncatingIfNeeded: $0) })
    }
  }
}

/// A row-major matrix with its axes exchanged.
func transposedMatrix<T>(_ values: [T], rows: Int, columns: Int) -> [T] {
  var result: [T] = []
  result.reserveCapacity(values.count)
  for column in 0..<columns {
    for row in 0..<rows { result.append(values[row * columns + column]) }
  }
  return result
}
