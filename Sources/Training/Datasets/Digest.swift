import CLibCrypto

/// SHA-256 (FIPS 180-4) through the system's libcrypto.
package enum Digest {
  /// The digest as 64 hexadecimal digits.
  package static func sha256(_ bytes: [UInt8]) -> String {
    sha256Bytes(bytes).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
  }

  static func sha256Bytes(_ input: [Int8]) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
    input.withUnsafeBytes { bytes in
      _ = SHA256(bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count, &digest)
    }
    return digest
  }

  static func sha256Bytes(_ bytes: [UInt8]) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
    SHA256(bytes, bytes.count, &digest)
    return digest
  }
}
