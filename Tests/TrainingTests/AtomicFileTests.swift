import Foundation
import Testing
import Training

@Suite struct AtomicFileTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func names(_ path: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path)
  }

  @Test func aNewFileAndItsFolders() throws {
    let path = folder.path + "/a/b/c.txt"
    try AtomicFile.write("hello", to: path)
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "hello")
    #expect(try names(folder.path + "/a/b") == ["c.txt"])
  }

  @Test func anOldFileIsReplaced() throws {
    let path = try folder.write("a.bin", [UInt8](repeating: 1, count: 100_000))
    try AtomicFile.write(Data([7, 8]), to: path)
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data([7, 8]))
    #expect(try names(folder.path) == ["a.bin"])
  }

  @Test func aFolderInTheWayIsNamedAndNothingIsLeft() throws {
    let path = folder.path + "/taken"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    let error = #expect(throws: AtomicFile.Failure.self) { try AtomicFile.write("x", to: path) }
    #expect(error?.path == path)
    #expect(error?.description.contains("cannot be written: Is a directory") == true)
    #expect(try names(folder.path) == ["taken"])
  }

  @Test func aFolderThatCannotBeMadeIsNamed() throws {
    let file = try folder.write("file", "x")
    let error = #expect(throws: AtomicFile.Failure.self) { try AtomicFile.write("x", to: file + "/a/b") }
    #expect(error?.reason.contains("the folder \(file)/a cannot be made") == true)
  }

  @Test func aFailedWriteKeepsTheOldFile() throws {
    #expect(throws: AtomicFile.Failure.self) { try AtomicFile.write("x", to: "/dev/full/x") }
    #expect(throws: AtomicFile.Failure.self) { try AtomicFile.write("x", to: "/proc/x") }
  }
}
