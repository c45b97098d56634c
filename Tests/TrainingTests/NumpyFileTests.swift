import Foundation
import Testing
import Training

@Suite struct NumpyFileTests {
  private func array(base64: String) throws -> NumericArray {
    let data = try #require(Data(base64Encoded: base64))
    return try NumpyFile.parse(data, location: "a.npy")
  }

  private func parse(_ bytes: [UInt8]) throws -> NumericArray {
    try NumpyFile.parse(Data(bytes), location: "a.npy")
  }

  /// numpy.save(asfortranarray(arange(6, dtype='>i2').reshape(2, 3) - 2))
  @Test func columnMajorBigEndian() throws {
    let array = try array(
      base64: """
        k05VTVBZAQB2AHsnZGVzY3InOiAnPGkyJywgJ2ZvcnRyYW5fb3JkZXInOiBUcnVlLCAnc2hhcGUnOiAoMiwgMyksIH0gICAg\
        ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAr+/wEA//8CAAAAAwA=
        """)
    #expect(array.shape == [2, 3])
    #expect(array.values(in: 0..<6) == [-2, -1, 0, 1, 2, 3])
    #expect(array.row(1) == [1, 2, 3])
  }

  /// numpy.save(array([[0.5, -1.5], [65504, 2**-24]], dtype='<f2'))
  @Test func halfPrecision() throws {
    let array = try array(
      base64: """
        k05VTVBZAQB2AHsnZGVzY3InOiAnPGYyJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDIpLCB9ICAg\
        ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAOAC+/3sBAA==
        """)
    #expect(array.values(in: 0..<4) == [0.5, -1.5, 65504, 0x1p-24])
  }

  @Test(arguments: [
    ("|b1", [UInt8](arrayLiteral: 0, 3), [0.0, 1.0]),
    ("|u1", [UInt8](arrayLiteral: 0, 255), [0, 255]),
    ("|i1", [UInt8](arrayLiteral: 128, 255), [-128, -1]),
    (">u2", [UInt8](arrayLiteral: 1, 0, 255, 255), [256, 65535]),
    ("<i4", [UInt8](arrayLiteral: 254, 255, 255, 255, 0, 0, 1, 0), [-2, 65536]),
    (">f4", [UInt8](arrayLiteral: 0x3F, 0x80, 0, 0, 0xC0, 0x20, 0, 0), [1, -2.5]),
    ("<i8", [UInt8](repeating: 255, count: 8) + [7, 0, 0, 0, 0, 0, 0, 0], [-1, 7]),
  ])
  func elementTypes(descr: String, elements: [UInt8], values: [Double]) throws {
    let array = try parse(EncodedFiles.npy(descr, shape: [2], elements))
    #expect(array.values(in: 0..<2) == values)
  }

  @Test func scalarsAndEmptyArraysHaveTheirShape() throws {
    #expect(try parse(EncodedFiles.npy("|u1", shape: [], [9])).count == 1)
    #expect(try parse(EncodedFiles.npy("|u1", shape: [0, 4], [])).count == 0)
  }

  @Test func truncatedElementsNameTheBytes() throws {
    let bytes = EncodedFiles.npy("<f4", shape: [2, 3], [UInt8](repeating: 0, count: 23))
    let error = #expect(throws: DatasetError.self) { try parse(bytes) }
    #expect(error?.description.contains("a.npy: truncated: 24 bytes of elements announced, 23 there") == true)
  }

  @Test(arguments: [
    ("O", "element type O is not a number type"), ("<c8", "element type <c8 is not a number type"),
  ])
  func otherElementTypesAreRefused(descr: String, message: String) throws {
    let bytes = EncodedFiles.npy(descr, shape: [1], [UInt8](repeating: 0, count: 8))
    let error = #expect(throws: DatasetError.self) { try parse(bytes) }
    #expect(error?.description.contains(message) == true)
  }

  @Test func aShapeThatOverflowsIsRefused() throws {
    let bytes = EncodedFiles.npy("<f8", shape: [1 << 40, 1 << 40], [])
    let error = #expect(throws: DatasetError.self) { try parse(bytes) }
    #expect(error?.description.contains("too large") == true)
  }

  /// Every prefix of a good file is an error, never a crash.
  @Test func everyPrefixIsAnError() throws {
    let bytes = EncodedFiles.npy("|u1", shape: [3], [1, 2, 3])
    for count in bytes.indices {
      #expect(throws: DatasetError.self) { try parse(Array(bytes.prefix(count))) }
    }
  }
}
