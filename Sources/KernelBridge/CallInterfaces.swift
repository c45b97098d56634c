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
    int32 = .allocate(capacity: 1)
    int32.initialize(to: ffi_cif())
    for count in 0...Self.maximumCount {
      guard ffi_prep_cif(void + count, FFI_DEFAULT_ABI, UInt32(count), tinysdk_ffi_void(), types) == FFI_OK
      else { return nil }
    }
    guard ffi_prep_cif(int32, FFI_DEFAULT_ABI, 1, tinysdk_ffi_int32(), types) == FFI_OK else { return nil }
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
    let count = pointers.count + 1
    withUnsafeTemporaryAllocation(of: UnsafeMutableRawPointer?.self, capacity: count) { values in
      values[0] = UnsafeMutableRawPointer(mutating: arguments)
      for index in pointers.indices { values[index + 1] = pointers[index] }
      withUnsafeTemporaryAllocation(of: UnsafeMutableRawPointer?.self, capacity: count) { addresses in
        for index in 0..<count { addresses[index] = UnsafeMutableRawPointer(values.baseAddress! + index) }
        ffi_call(void + count, function, nil, addresses.baseAddress)
      }
    }
  }

  /// Calls `int32_t function(arguments)`.
  func size(_ function: @convention(c) () -> Void, arguments: UnsafeRawPointer) -> Int32 {
    // libffi writes at least a machine word into the return slot.
    var result: ffi_sarg = 0
    var value: UnsafeMutableRawPointer? = UnsafeMutableRawPointer(mutating: arguments)
    withUnsafeMutablePointer(to: &value) { value in
      var address: UnsafeMutableRawPointer? = UnsafeMutableRawPointer(value)
      ffi_call(int32, function, &result, &address)
    }
    return Int32(truncatingIfNeeded: result)
  }
}
