import Foundation
import KernelAPI
import KernelBridge
import Testing

/// A folder with one C file, a contract folder and a cache, removed by the caller.
private func temporaryFolder(_ source: String) throws -> (root: URL, sources: KernelSources) {
  let root = FileManager.default.temporaryDirectory.appendingPathComponent("kernels-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
  try source.write(to: root.appendingPathComponent("double_s32.c"), atomically: true, encoding: .utf8)
  let contract = packageRoot.appendingPathComponent("Sources/Kernels/API/include")
  return (root, try KernelSources(folders: [root], contract: contract))
}

private let doubling = """
  #include "tinysdk_kernels.h"
  void double_s32(const tinysdk_count_args *args, int32_t *values);
  void double_s32(const tinysdk_count_args *args, int32_t *values) {
    for (int32_t i = 0; i < args->count; i++) values[i] *= 2;
  }
  int32_t double_s32_scratch(const tinysdk_count_args *args);
  int32_t double_s32_scratch(const tinysdk_count_args *args) { return 3 * args->count; }
  """

@Suite("Kernel library")
struct KernelLibraryTests {
  @Test("A kernel is compiled, found by name, called and asked for its scratch")
  func compileAndCall() async throws {
    let (root, sources) = try temporaryFolder(doubling)
    defer { try? FileManager.default.removeItem(at: root) }
    let library = try await KernelLibrary.compiled(from: sources, cache: root.appendingPathComponent("cache"))
    var values: [Int32] = [1, -2, 3, 7]
    let arguments = tinysdk_count_args(count: 3)
    try values.withUnsafeMutableBytes { try library.call("double_s32", arguments, $0.baseAddress) }
    #expect(values == [2, -4, 6, 7])
    #expect(try library.scratchBytes("double_s32", arguments) == 9)
    #expect(library.contains("double_s32") && !library.contains("double_s33"))
  }

  @Test("The cache is keyed by content: the same sources are compiled once, changed ones again")
  func cache() async throws {
    let (root, sources) = try temporaryFolder(doubling)
    defer { try? FileManager.default.removeItem(at: root) }
    let cache = root.appendingPathComponent("cache")
    async let first = HostCompiler().sharedObject(of: sources, cache: cache)
    async let second = HostCompiler().sharedObject(of: sources, cache: cache)
    #expect(try await first == second)
    try (doubling + "\n").write(to: sources.files[0], atomically: true, encoding: .utf8)
    let changed = try KernelSources(folders: sources.folders, contract: sources.contract)
    #expect(try await HostCompiler().sharedObject(of: changed, cache: cache) != first)
    #expect(try FileManager.default.contentsOfDirectory(atPath: cache.path).count == 2)
  }

  @Test("A folder earlier in the list replaces files of the same name")
  func preference() async throws {
    let (root, sources) = try temporaryFolder(doubling)
    let (better, _) = try temporaryFolder(doubling.replacingOccurrences(of: "*= 2", with: "*= 4"))
    defer { for folder in [root, better] { try? FileManager.default.removeItem(at: folder) } }
    let both = try KernelSources(folders: [better, root], contract: sources.contract)
    let library = try await KernelLibrary.compiled(from: both, cache: root.appendingPathComponent("cache"))
    var value: [Int32] = [5]
    try value.withUnsafeMutableBytes {
      try library.call("double_s32", tinysdk_count_args(count: 1), $0.baseAddress)
    }
    #expect(value == [20])
  }

  @Test("A missing compiler is one clear error")
  func missingCompiler() async throws {
    let (root, sources) = try temporaryFolder(doubling)
    defer { try? FileManager.default.removeItem(at: root) }
    let error = await #expect(throws: KernelBridgeError.self) {
      try await HostCompiler(command: "no-such-compiler").sharedObject(of: sources, cache: root)
    }
    #expect(error?.description.contains("cannot run the host C compiler 'no-such-compiler'") == true)
  }

  @Test("A compile error carries the compiler's words and leaves nothing in the cache")
  func compileError() async throws {
    let (root, sources) = try temporaryFolder("int broken(void) { return undeclared; }")
    defer { try? FileManager.default.removeItem(at: root) }
    let cache = root.appendingPathComponent("cache")
    let error = await #expect(throws: KernelBridgeError.self) {
      try await HostCompiler().sharedObject(of: sources, cache: cache)
    }
    #expect(error?.description.contains("undeclared") == true)
    #expect(try FileManager.default.contentsOfDirectory(atPath: cache.path).isEmpty)
  }

  @Test("Unknown kernels, empty folders and malformed calls are named")
  func badUse() async throws {
    let (root, sources) = try temporaryFolder(doubling)
    defer { try? FileManager.default.removeItem(at: root) }
    let library = try await KernelLibrary.compiled(from: sources, cache: root.appendingPathComponent("cache"))
    #expect(throws: KernelBridgeError.unknownSymbol(symbol: "absent", library: library.path.path)) {
      try library.call("absent", arguments: [0, 0, 0, 0], pointers: [])
    }
    #expect(throws: KernelBridgeError.self) {
      try library.call("double_s32", arguments: [0, 0, 0], pointers: [nil])
    }
    #expect(throws: KernelBridgeError.self) {
      try library.call("double_s32", arguments: [0, 0, 0, 0], pointers: .init(repeating: nil, count: 24))
    }
    let empty = root.appendingPathComponent("cache")
    #expect(throws: KernelBridgeError.noSources(folder: empty.path)) {
      try KernelSources(folders: [empty], contract: sources.contract)
    }
  }

  @Test("The contract's structs have the sizes that generated code counts on")
  func structSizes() {
    #expect(MemoryLayout<tinysdk_requantization>.size == 8)
    #expect(MemoryLayout<tinysdk_conv2d_args>.size == 92)
    #expect(MemoryLayout<tinysdk_dense_args>.size == 40)
    #expect(MemoryLayout<tinysdk_add_args>.size == 56)
    #expect(MemoryLayout<tinysdk_pool2d_args>.size == 72)
    #expect(MemoryLayout<tinysdk_planes_args>.size == 12)
    #expect(MemoryLayout<tinysdk_gather_args>.size == 16)
    #expect(MemoryLayout<tinysdk_count_args>.size == 4)
    #expect(MemoryLayout<tinysdk_dequantize_args>.size == 12)
    #expect(MemoryLayout<tinysdk_requantize_args>.size == 32)
    #expect(MemoryLayout<tinysdk_dense_f32_args>.size == 12)
    #expect(MemoryLayout<tinysdk_loss_args>.size == 8)
    #expect(MemoryLayout<tinysdk_update_args>.size == 8)
  }
}
