import Foundation
import ImageBuild
import Testing

@Suite struct ELFFileTests {
  @Test func otherFilesAreRefused() async throws {
    try await withTemporaryFolder { folder in
      #expect(throws: ELFError(path: "\(folder)/none", reason: "the file cannot be read")) {
        try ELFFile(contentsOf: "\(folder)/none")
      }
      try write("not an ELF file", to: "\(folder)/text")
      #expect(
        throws: ELFError(path: "\(folder)/text", reason: "it is no 32-bit little-endian ELF file")
      ) { try ELFFile(contentsOf: "\(folder)/text") }
    }
  }

  @Test func tablesOutsideOfTheFileAreRefused() async throws {
    try await withTemporaryFolder { folder in
      var header = [UInt8](repeating: 0, count: 52)
      header.replaceSubrange(0..<6, with: [0x7F, 0x45, 0x4C, 0x46, 1, 1])
      header[0x20] = 0xFF
      header[0x2E] = 40
      header[0x30] = 3
      try Data(header).write(to: URL(filePath: "\(folder)/broken"))
      #expect(
        throws: ELFError(
          path: "\(folder)/broken", reason: "it is damaged: a table points outside of the file")
      ) { try ELFFile(contentsOf: "\(folder)/broken") }
    }
  }
}
