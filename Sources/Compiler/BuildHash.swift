import CLibCrypto

/// The first 16 bytes of the SHA-256 of the generated sources: host and device compare it before the first
/// sample.
func buildHash(of texts: [String]) -> [UInt8] {
  let bytes = Array(texts.joined(separator: "\u{0}").utf8)
  var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
  _ = SHA256(bytes, bytes.count, &digest)
  return Array(digest.prefix(16))
}
