import CLibCrypto

/// SHA-256 of a trainable state in its canonical layout, in 64 lower-case hexadecimal digits.
public func stateHash(_ state: [UInt8]) -> String {
  var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
  _ = SHA256(state, state.count, &digest)
  return hexadecimal(digest)
}

/// Two lower-case digits for each byte.
func hexadecimal(_ bytes: [UInt8]) -> String {
  let digits = Array("0123456789abcdef")
  return String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
}
