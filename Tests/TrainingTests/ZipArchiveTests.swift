import Foundation
import Testing
import Training

@Suite struct ZipArchiveTests {
  /// numpy.savez_compressed(x=arange(24, dtype='<f4').reshape(4, 6) / 4, y=array([0, 1, 2, 1], dtype='<i8'))
  static let deflated = """
    UEsDBC0AAAAIAAAAIQCvJ6/W//////////8FABQAeC5ucHkBABAA4AAAAAAAAACGAAAAAAAAAJvsF+obEMnIUMZQrZ6SWpxcpG6loG6T\
    ZqKuo6Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5GiY6CmaaOgq1CmQDLgYwaLADEvYMDA5A3ADEC4D4ABA/AGIGBwYGASBWAGID\
    IHYA4gAgTgDiAiBuAOIOIJ4AxDOAeAEQrwDiDUC8wwEAUEsDBC0AAAAIAAAAIQC+xP+T//////////8FABQAeS5ucHkBABAAoAAAAAAA\
    AABMAAAAAAAAAJvsF+obEMnIUMZQrZ6SWpxcpG6loG6TaaGuo6Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5GiY6mjoKtQoUAC4G\
    KGCE0kxofABQSwECLQMtAAAACAAAACEAryev1oYAAADgAAAABQAAAAAAAAAAAAAAgAEAAAAAeC5ucHlQSwECLQMtAAAACAAAACEAvsT/\
    k0wAAACgAAAABQAAAAAAAAAAAAAAgAG9AAAAeS5ucHlQSwUGAAAAAAIAAgBmAAAAQAEAAAAA
    """

  private func message(_ path: String, _ name: String) -> String {
    let error = #expect(throws: DatasetError.self) { try ZipArchive(path: path).contents(of: name) }
    return error?.description ?? ""
  }

  @Test func deflatedArraysAreRead() throws {
    let folder = try TemporaryFolder()
    let arrays = try NumpyArchive.read(try folder.write("a.npz", base64: Self.deflated))
    #expect(arrays.keys.sorted() == ["x", "y"])
    #expect(arrays["x"]?.values(in: 0..<24) == (0..<24).map { Double($0) / 4 })
    #expect(arrays["y"]?.values(in: 0..<4) == [0, 1, 2, 1])
  }

  @Test func storedMembersAreRead() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("a.zip", EncodedFiles.zip([("one", [1, 2, 3]), ("two", [])]))
    let archive = try ZipArchive(path: path)
    #expect(archive.names == ["one", "two"])
    #expect(try archive.contents(of: "one") == Data([1, 2, 3]))
    #expect(try archive.contents(of: "two") == Data())
  }

  @Test func aChangedByteIsAWrongChecksum() throws {
    let folder = try TemporaryFolder()
    var bytes = EncodedFiles.zip([("one", [1, 2, 3])])
    bytes[33] ^= 0x40
    let path = try folder.write("a.zip", bytes)
    #expect(message(path, "one").contains("\(path): one: wrong CRC-32"))
  }

  @Test func damagedDeflateDataIsAnError() throws {
    let folder = try TemporaryFolder()
    var bytes = try #require(Data(base64Encoded: Self.deflated))
    bytes[90] ^= 0xFF
    let path = try folder.write("a.npz", bytes)
    #expect(throws: DatasetError.self) { try NumpyArchive.read(path) }
  }

  @Test func anUnknownMemberNamesTheOthers() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("a.zip", EncodedFiles.zip([("one", [1])]))
    #expect(message(path, "three").contains("no such member; there are one"))
  }

  /// A file cut anywhere has lost its end record: an error, never a crash.
  @Test func everyPrefixIsAnError() throws {
    let folder = try TemporaryFolder()
    let bytes = EncodedFiles.zip([("x.npy", EncodedFiles.npy("|u1", shape: [2], [1, 2]))])
    for count in bytes.indices {
      let path = try folder.write("cut.npz", bytes.prefix(count))
      #expect(throws: DatasetError.self) { try NumpyArchive.read(path) }
    }
  }

  @Test func otherCompressionIsNamed() throws {
    let folder = try TemporaryFolder()
    var bytes = EncodedFiles.zip([("one", [1])])
    let directory = 30 + 3 + 1
    bytes[directory + 10] = 12
    let path = try folder.write("a.zip", bytes)
    #expect(message(path, "one").contains("compression method 12"))
  }
}
