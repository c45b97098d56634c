import Foundation

/// Memory for one kernel operand that ends at an unreadable page: a kernel that reads or writes past the end
/// stops the test. Bytes before the start are watched by ``isIntact``.
final class GuardedBuffer<Element: BitwiseCopyable> {
  let count: Int
  private let mapping: UnsafeMutableRawPointer
  private let length: Int
  private let start: UnsafeMutableRawPointer
  private static var canary: UInt8 { 0xA5 }

  /// The operand as a kernel takes it.
  var pointer: UnsafeMutableRawPointer { start }

  init(_ values: [Element], alignment: Int = MemoryLayout<Element>.alignment) {
    let page = Int(sysconf(Int32(_SC_PAGESIZE)))
    let size = values.count * MemoryLayout<Element>.stride
    let padded = (size + alignment - 1) / alignment * alignment
    let readable = (padded / page + 1) * page
    count = values.count
    length = readable + page
    mapping = mmap(nil, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    precondition(mapping != MAP_FAILED, "no memory for a test buffer")
    mprotect(mapping + readable, page, PROT_NONE)
    start = mapping + (readable - padded)
    memset(mapping, Int32(Self.canary), readable)
    _ = values.withUnsafeBytes { memcpy(start, $0.baseAddress ?? UnsafeRawPointer(start), size) }
  }

  convenience init(repeating value: Element, count: Int) {
    self.init([Element](repeating: value, count: count))
  }

  deinit {
    munmap(mapping, length)
  }

  var values: [Element] {
    Array(UnsafeBufferPointer(start: start.assumingMemoryBound(to: Element.self), count: count))
  }

  /// Whether nothing was written before the start.
  var isIntact: Bool {
    UnsafeRawBufferPointer(start: mapping, count: start - mapping).allSatisfy { $0 == Self.canary }
  }
}

/// Scratch of exactly the size a kernel asked for.
func scratchBuffer(_ bytes: Int) -> GuardedBuffer<UInt8> {
  GuardedBuffer([UInt8](repeating: 0xEE, count: bytes), alignment: 8)
}

/// The bits of a mask.
func bits(_ mask: [UInt8], count: Int) -> [Bool] {
  (0..<count).map { mask[$0 / 8] >> UInt8($0 % 8) & 1 == 1 }
}
