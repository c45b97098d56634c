import CLibCrypto
import FoundationEssentials

/// SHA-256 of bytes, in hexadecimal.
func contentHash(_ data: Data) -> String {
  var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
  data.withUnsafeBytes { bytes in
    _ = SHA256(bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count, &digest)
  }
  return digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}

/// Hashes of files, each read once.
struct FileHashes {
  private var known: [String: String?] = [:]

  /// The hash of the file's content; nil where it cannot be read.
  mutating func hash(of path: String) -> String? {
    if let hash = known[path] { return hash }
    let hash = FileManager.default.contents(atPath: path).map(contentHash)
    known[path] = .some(hash)
    return hash
  }

  /// Forgets what is no longer true, because a job has made the file anew.
  mutating func forget(_ paths: [String]) {
    for path in paths { known[path] = nil }
  }
}
