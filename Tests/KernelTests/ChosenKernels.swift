import KernelBridge

/// The contract's kernels as a backend does them: wherever one of its kernels supports the arguments, that
/// one is called in place of the contract's own.
struct ChosenKernels: Sendable {
  let library: KernelLibrary
  /// By the contract's symbol, the preferred first.
  let variants: [String: [String]]

  /// The name of the kernel that does the work of `symbol` for these arguments.
  func choice(for symbol: String, arguments: [UInt8]) throws -> String {
    try (variants[symbol] ?? []).first { variant in
      try library.answer(variant, "instructions", arguments: arguments).map { $0 >= 0 } ?? false
    } ?? symbol
  }

  func call(_ symbol: String, arguments: [UInt8], pointers: [UnsafeMutableRawPointer?]) throws {
    try library.call(try choice(for: symbol, arguments: arguments), arguments: arguments, pointers: pointers)
  }

  func call<Arguments: BitwiseCopyable>(
    _ symbol: String, _ arguments: Arguments, _ pointers: UnsafeMutableRawPointer?...
  ) throws {
    try call(symbol, arguments: bytes(of: arguments), pointers: pointers)
  }

  func scratchBytes(_ symbol: String, arguments: [UInt8]) throws -> Int {
    try library.scratchBytes(try choice(for: symbol, arguments: arguments), arguments: arguments)
  }

  func scratchBytes<Arguments: BitwiseCopyable>(_ symbol: String, _ arguments: Arguments) throws -> Int {
    try scratchBytes(symbol, arguments: bytes(of: arguments))
  }
}
