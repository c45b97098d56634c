import Foundation

/// Compiled kernels, loaded into this process and called by name.
///
/// Kernels keep no state, so one library may be used from any number of threads.
public final class KernelLibrary: @unchecked Sendable {
  /// The shared object that was loaded.
  public let path: URL

  private let handle: UnsafeMutableRawPointer
  private let interfaces: CallInterfaces

  /// Loads a shared object.
  ///
  /// - Throws: ``KernelBridgeError/notLoadable(path:reason:)``.
  public init(path: URL) throws {
    guard let interfaces = CallInterfaces() else {
      throw KernelBridgeError.notLoadable(
        path: path.path, reason: "libffi does not know this platform's calls")
    }
    guard let handle = dlopen(path.path, RTLD_NOW | RTLD_LOCAL) else {
      throw KernelBridgeError.notLoadable(path: path.path, reason: String(cString: dlerror()))
    }
    self.path = path
    self.handle = handle
    self.interfaces = interfaces
  }

  deinit {
    dlclose(handle)
  }

  /// Compiles kernels for this computer (or finds them in the cache) and loads them.
  ///
  /// - Parameters:
  ///   - sources: the kernel folders and the contract.
  ///   - compiler: the host's C compiler.
  ///   - cache: the folder for compiled kernels.
  /// - Throws: ``KernelBridgeError``.
  public static func compiled(
    from sources: KernelSources, with compiler: HostCompiler = HostCompiler(), cache: URL
  ) async throws -> KernelLibrary {
    try KernelLibrary(path: await compiler.sharedObject(of: sources, cache: cache))
  }

  /// Whether the library has a kernel of this name (with its `tinysdk_` prefix).
  public func contains(_ symbol: String) -> Bool {
    dlsym(handle, symbol) != nil
  }

  /// Finds a kernel, to call it many times.
  ///
  /// - Parameter symbol: the C name, such as `tinysdk_conv2d_s8`.
  /// - Throws: ``KernelBridgeError/unknownSymbol(symbol:library:)``.
  public func kernel(_ symbol: String) throws -> Kernel {
    guard let address = dlsym(handle, symbol) else {
      throw KernelBridgeError.unknownSymbol(symbol: symbol, library: path.path)
    }
    let scratch = dlsym(handle, symbol + "_scratch")
    return Kernel(
      symbol: symbol, library: self, interfaces: interfaces, function: entry(address),
      scratch: scratch.map(entry))
  }

  /// Runs a kernel once. See ``Kernel/callAsFunction(arguments:pointers:)``.
  ///
  /// - Throws: ``KernelBridgeError`` for an unknown kernel or a call that cannot be made.
  public func call(_ symbol: String, arguments: [UInt8], pointers: [UnsafeMutableRawPointer?]) throws {
    try kernel(symbol)(arguments: arguments, pointers: pointers)
  }

  /// Runs a kernel once with its argument struct as imported from the contract.
  ///
  /// - Throws: ``KernelBridgeError`` for an unknown kernel or a call that cannot be made.
  public func call<Arguments: BitwiseCopyable>(
    _ symbol: String, _ arguments: Arguments, _ pointers: UnsafeMutableRawPointer?...
  ) throws {
    try call(symbol, arguments: bytes(of: arguments), pointers: pointers)
  }

  /// The bytes of scratch that a kernel needs for these arguments; 0 for one without a `_scratch` function.
  ///
  /// - Throws: ``KernelBridgeError/unknownSymbol(symbol:library:)``.
  public func scratchBytes(_ symbol: String, arguments: [UInt8]) throws -> Int {
    try kernel(symbol).scratchBytes(arguments: arguments)
  }

  /// What a function beside a kernel, such as `tinysdk_conv2d_s8_dsp_instructions`, says of these
  /// arguments; `nil` where there is none.
  ///
  /// - Throws: ``KernelBridgeError/badCall(symbol:reason:)``.
  public func answer(_ symbol: String, _ question: String, arguments: [UInt8]) throws -> Int? {
    guard contains("\(symbol)_\(question)") else { return nil }
    return try kernel("\(symbol)_\(question)").status(arguments: arguments, pointers: [])
  }

  /// Calls `int32_t symbol(arguments, pointers...)`.
  ///
  /// - Throws: ``KernelBridgeError`` for an unknown symbol or a call that cannot be made.
  public func status(_ symbol: String, arguments: [UInt8], pointers: [UnsafeMutableRawPointer?]) throws -> Int
  {
    try kernel(symbol).status(arguments: arguments, pointers: pointers)
  }

  /// The bytes of scratch that a kernel needs, from the argument struct as imported from the contract.
  ///
  /// - Throws: ``KernelBridgeError/unknownSymbol(symbol:library:)``.
  public func scratchBytes<Arguments: BitwiseCopyable>(_ symbol: String, _ arguments: Arguments) throws -> Int
  {
    try scratchBytes(symbol, arguments: bytes(of: arguments))
  }

  private func entry(_ address: UnsafeMutableRawPointer) -> @convention(c) () -> Void {
    unsafeBitCast(address, to: (@convention(c) () -> Void).self)
  }
}

/// The bytes of a C argument struct, as a kernel reads them.
public func bytes<Arguments: BitwiseCopyable>(of arguments: Arguments) -> [UInt8] {
  withUnsafeBytes(of: arguments) { Array($0) }
}
