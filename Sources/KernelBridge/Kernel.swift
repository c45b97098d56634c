/// One kernel of a loaded library: `void kernel(const args *, pointer, ...)`.
public struct Kernel: Sendable {
  /// The C name, such as `tinysdk_conv2d_s8`.
  public let symbol: String

  // Keeps the shared object loaded for as long as this value lives.
  let library: KernelLibrary
  let interfaces: CallInterfaces
  let function: @convention(c) () -> Void
  let scratch: (@convention(c) () -> Void)?

  /// Runs the kernel.
  ///
  /// The pointers are the prototype's parameters after the argument struct, in order, the scratch included;
  /// nil passes NULL. The caller answers for their number, sizes and alignment, as in C.
  ///
  /// - Parameters:
  ///   - arguments: the bytes of the kernel's argument struct.
  ///   - pointers: the operands.
  /// - Throws: ``KernelBridgeError/badCall(symbol:reason:)`` when the struct is not made of 32-bit fields
  ///   or there
  ///   are too many pointers.
  public func callAsFunction(arguments: [UInt8], pointers: [UnsafeMutableRawPointer?]) throws {
    try arguments.withUnsafeBytes { arguments in
      try pointers.withUnsafeBufferPointer { try self(arguments: arguments, pointers: $0) }
    }
  }

  /// Runs the kernel without copying anything: for a list of calls prepared once and run many times.
  ///
  /// - Throws: ``KernelBridgeError/badCall(symbol:reason:)`` as above.
  public func callAsFunction(
    arguments: UnsafeRawBufferPointer, pointers: UnsafeBufferPointer<UnsafeMutableRawPointer?>
  ) throws {
    let address = try address(of: arguments)
    guard pointers.count < CallInterfaces.maximumCount else {
      throw KernelBridgeError.badCall(
        symbol: symbol, reason: "\(pointers.count) pointers, at most \(CallInterfaces.maximumCount - 1)")
    }
    interfaces.call(function, arguments: address, pointers: pointers)
  }

  /// The bytes of scratch the kernel needs for these arguments; 0 when it has no `_scratch` function.
  ///
  /// - Throws: ``KernelBridgeError/badCall(symbol:reason:)`` when the struct is not made of 32-bit fields.
  public func scratchBytes(arguments: [UInt8]) throws -> Int {
    guard let scratch else { return 0 }
    return try arguments.withUnsafeBytes { arguments in
      Int(
        interfaces.status(
          scratch, arguments: try address(of: arguments), pointers: UnsafeBufferPointer(start: nil, count: 0))
      )
    }
  }

  /// Runs a function of the kernel's kind that returns an int32.
  ///
  /// - Throws: ``KernelBridgeError/badCall(symbol:reason:)`` as above.
  func status(arguments: [UInt8], pointers: [UnsafeMutableRawPointer?]) throws -> Int {
    try arguments.withUnsafeBytes { arguments in
      try pointers.withUnsafeBufferPointer { pointers in
        Int(interfaces.status(function, arguments: try address(of: arguments), pointers: pointers))
      }
    }
  }

  private func address(of arguments: UnsafeRawBufferPointer) throws -> UnsafeRawPointer {
    guard let address = arguments.baseAddress, !arguments.isEmpty, arguments.count % 4 == 0 else {
      throw KernelBridgeError.badCall(
        symbol: symbol,
        reason: "an argument struct of \(arguments.count) bytes is not a list of 32-bit fields")
    }
    return address
  }
}
