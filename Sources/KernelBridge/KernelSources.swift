import CLibCrypto
import Foundation

/// The C files of one or more kernel folders, read once.
///
/// A folder earlier in the list wins: where two folders hold a file of the same name, only the first one's is
/// compiled. So `[DSP, Portable]` is the DSP backend with the portable kernels as its fallback.
public struct KernelSources: Equatable, Sendable {
  /// The folders in order of preference.
  public let folders: [URL]
  /// The folder of `tinysdk_kernels.h`.
  public let contract: URL
  /// The C files to compile, sorted by name.
  public let files: [URL]
  /// SHA-256 over the names and the contents of every C file and header in the folders and the contract, as
  /// lower-case hexadecimal digits.
  public let contentHash: String

  /// Lists and hashes the sources.
  ///
  /// - Parameters:
  ///   - folders: kernel folders in order of preference.
  ///   - contract: the folder of `tinysdk_kernels.h` (`Sources/Kernels/API/include` in the SDK).
  /// - Throws: ``KernelBridgeError/noSources(folder:)`` for a folder that is missing or holds no C file (the
  ///   contract: no header).
  public init(folders: [URL], contract: URL) throws {
    self.folders = folders
    self.contract = contract
    var chosen: [String: URL] = [:]
    var hashed: [URL] = try sourceFiles(in: contract, requiring: "h")
    for folder in folders {
      let files = try sourceFiles(in: folder, requiring: "c")
      hashed += files
      for file in files where file.pathExtension == "c" && chosen[file.lastPathComponent] == nil {
        chosen[file.lastPathComponent] = file
      }
    }
    files = chosen.values.sorted { $0.lastPathComponent < $1.lastPathComponent }
    contentHash = try hash(of: hashed)
  }
}

/// The C files and headers directly inside a folder, sorted by name; at least one has the extension `needed`.
private func sourceFiles(in folder: URL, requiring needed: String) throws -> [URL] {
  let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
  let files = names.sorted().map { folder.appendingPathComponent($0) }
    .filter { $0.pathExtension == "c" || $0.pathExtension == "h" }
  guard files.contains(where: { $0.pathExtension == needed }) else {
    throw KernelBridgeError.noSources(folder: folder.path)
  }
  return files
}

private func hash(of files: [URL]) throws -> String {
  var content = Data()
  for file in files {
    guard let bytes = try? Data(contentsOf: file) else {
      throw KernelBridgeError.noSources(folder: file.deletingLastPathComponent().path)
    }
    content.append(contentsOf: Array("\(file.lastPathComponent)\n\(bytes.count)\n".utf8))
    content.append(bytes)
  }
  return sha256(content)
}

/// The SHA-256 digest as lower-case hexadecimal digits.
func sha256(_ content: Data) -> String {
  var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
  content.withUnsafeBytes { bytes in
    _ = SHA256(bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count, &digest)
  }
  return digest.map { byte in
    let digits = String(byte, radix: 16)
    return digits.count == 1 ? "0" + digits : digits
  }.joined()
}
