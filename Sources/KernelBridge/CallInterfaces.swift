import CLibFFI

/// libffi's description of `void f(pointer, ...)` for each number of pointers, prepared once.
///
/// Immutable after `init`, and libffi only reads a prepared description, so any thread may use it.
final class CallInterfaces: @unchecked Sendable {
  /// The most pointers a kernel takes, its argument struct included.
  static let maximumCount = 24

  private let types: UnsafeMutablePointer<UnsafeMutablePointer<ffi_type>?>
  private let void: UnsafeMutablePointer<ffi_cif>
  private let int32: UnsafeMutablePointer<ffi_cif>

  /// nil when libffi refuses the description of this platform's calls.
  init?() {
    types = .allocate(capacity: Self.maximumCount)
    types.initialize(repeating: tinysdk_ffi_pointer(), count: Self.maximumCount)
    void = .allocate(capacity: Self.maximumCount + 1)
    void.initialize(repeating: ffi_cif(), count: Self.maximumCount + 1)
    int32 = .allocate(capacity: Self.maximumCount + 1)
    int32.initialize(repeating: ffi_cif(), count: Self.maximumCount + 1)
    for count in 0...Self.maximumCount {
      guard
        ffi_prep_cif(void + count, FFI_DEFAULT_ABI, UInt32(count), tinysdk_ffi_void(), types) == FFI_OK,
        ffi_prep_cif(int32 + count, FFI_DEFAULT_ABI, UInt32(count), tinysdk_ffi_int32(), types) == FFI_OK
      else { return nil }
    }
  }

  deinit {
    types.deallocate()
    void.deallocate()
    int32.deallocate()
  }

  /// Calls `void function(arguments, pointers...)`. There are fewer than ``maximumCount`` pointers.
  func call(
    _ function: @convention(c) () -> Void, arguments: UnsafeRawPointer,
    pointers: UnsafeBufferPointer<UnsafeMutableRawPointer?>
  ) {
    call(void, function, result: nil, arguments, pointers)
  }

  /// Calls `int32_t function(arguments, pointers...)`. There are fewer than ``maximumCount`` pointers.
  func status(
    _ function: @convention(c) () -> Void, arguments: UnsafeRawPointer,
    pointers: UnsafeBufferPointer<UnsafeMutableRawPointer?>
  ) -> Int32 {
    // libffi writes at least a machine word into the return slot.
    var result: ffi_sarg = 0
    withUnsafeMutablePointer(to: &result) { call(int32, function, result: $0, arguments, pointers) }
    return Int32(truncatingIfNeeded: result)
  }

  private func call(
    _ descriptions: UnsafeMutablePointer<ffi_cif>, _ function: @convention(c) () -> Void,
    result: UnsafeMutablePointer<ffi_sarg>?, _ arguments: UnsafeRawPointer,
    _ pointers: UnsafeBufferPointer<UnsafeMutableRawPointer?>
  ) {
    let count = pointers.count + 1
    withUnsafeTemporaryAllocation(of: UnsafeMutableRawPointer?.self, capacity: count) { values in
      values[0] = UnsafeMutableRawPointer(mutating: arguments)
      for index in pointers.indices { values[index + 1] = pointers[index] }
      withUnsafeTemporaryAllocation(of: UnsafeMutableRawPointer?.self, capacity: count) { addresses in
        for index in 0..<count { addresses[index] = UnsafeMutableRawPointer(values.baseAddress! + index) }
        ffi_call(descriptions + count, function, result, addresses.baseAddress)
      }
    }
  }
}
