import Boards
import Foundation
import ImageBuild
import Synchronization
import Testing

/// A whole program without the SDK's runtime: it checks its own memory and ends with an exit code.
private let program = """
  #include <stdint.h>
  #include <string.h>
  #include "tinysdk_board.h"

  extern uint32_t __tinysdk_stack_top[], __tinysdk_stack_bottom[];
  extern uint8_t __tinysdk_data_load[], __tinysdk_data_start[], __tinysdk_data_end[];
  extern uint8_t __tinysdk_bss_start[], __tinysdk_bss_end[];
  void Reset_Handler(void);

  __attribute__((section(".vectors"), used)) static const void *const vectors[2] = {
      __tinysdk_stack_top, (const void *)Reset_Handler};
  __attribute__((section(".tinysdk_arena"))) int8_t arena[40000];
  __attribute__((section(".tinysdk_state"))) int8_t state[1000];
  static volatile uint32_t initialised[3] = {7, 8, 9};
  static volatile uint32_t zeroed[5];
  static const uint8_t weights[5000] = {[4999] = 3};

  static uint32_t call(uint32_t operation, const void *parameters) {
    register uint32_t r0 __asm__("r0") = operation;
    register const void *r1 __asm__("r1") = parameters;
    __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
    return r0;
  }

  static volatile float half = 0.5f;

  int check(int count);
  __attribute__((noinline)) int check(int count) {
    volatile const uint8_t *last = &weights[4999];
    int sum = (int)initialised[2] + (int)zeroed[4] + (int)*last + (int)(half * 20.0f);
    for (int i = 0; i < count; ++i)
      arena[i] = 1;
    state[0] = arena[count - 1];
    return sum + state[0];
  }

  void Reset_Handler(void) {
    *(volatile uint32_t *)0xE000ED88u |= 0xFu << 20;
    __asm__ volatile("dsb\\n isb" ::: "memory");
    memcpy(__tinysdk_data_start, __tinysdk_data_load, (size_t)(__tinysdk_data_end - __tinysdk_data_start));
    memset(__tinysdk_bss_start, 0, (size_t)(__tinysdk_bss_end - __tinysdk_bss_start));
    (void)call(0x04, "hello\\n");
    const uint32_t exit[2] = {0x20026u, (uint32_t)check(40000)};
    (void)call(0x20, exit);
    for (;;) {
    }
  }
  """

private final class Console: Sendable {
  private let text = Mutex<[String]>([])
  var lines: [String] { text.withLock { $0 } }
  func append(_ line: String) { text.withLock { $0.append(line) } }
}

@Suite(
  .enabled(
    if: installed("qemu-system-arm", "arm-none-eabi-gcc", "clang", "ld.lld"),
    "needs clang, ld.lld, and the Debian packages qemu-system-arm, gcc-arm-none-eabi, libnewlib-arm-none-eabi"
  ),
  .timeLimit(.minutes(5)))
struct EmulatedImageTests {
  @Test(
    arguments: ["qemu-cortex-m4", "qemu-cortex-m33", "qemu-cortex-m7", "qemu-cortex-m55"],
    ["clang", "arm-none-eabi-gcc"])
  func imageRunsAndItsSizesAreKnown(boardName: String, toolchainName: String) async throws {
    let board = try shippedBoard(boardName)
    let toolchain = try shippedToolchain(toolchainName)
    try await withTemporaryFolder { folder in
      try write(program, to: "\(folder)/model.c")
      let request = ImageRequest(modelSources: ["\(folder)/model.c"], outputDirectory: "\(folder)/out")
      let image = try await buildImage(request, board, toolchain)
      #expect(image.work == Executor.Summary(ran: 4, skipped: 0))

      let console = Console()
      let plan = try EmulatorPlan(board: board, image: image.path)
      let exit = try await runEmulator(plan, limit: .seconds(60), onLine: console.append)
      #expect(exit == .exited(9 + 3 + 10 + 1))
      #expect(console.lines == ["hello"])

      let sizes = try #require(image.sizes)
      #expect(sizes.arenaBytes == 40_000)
      #expect(sizes.stateBytes == 1000)
      #expect(sizes.stackBytes == 4096)
      #expect(sizes.dataBytes >= 36 && sizes.dataBytes < 256)
      #expect(sizes.flashBytes > 5000 && sizes.flashBytes < 12_000)
      let ram = zip(board.regions, sizes.regions).filter { $0.0.isWritable }.reduce(0) { $0 + $1.1.used }
      #expect(ram >= sizes.sramBytes - 16 && ram <= sizes.sramBytes)

      let stack = try #require(image.stack)
      #expect(stack.path.first == "Reset_Handler")
      #expect(stack.bytes > StackBound.libraryBytes && stack.bytes < 1024)
      #expect(stack.recursive.isEmpty && stack.unbounded.isEmpty)

      let again = try await buildImage(request, board, toolchain)
      #expect(again.work == Executor.Summary(ran: 0, skipped: 4))
      #expect(again.sizes == sizes)
    }
  }

  @Test func overflowNamesTheRegion() async throws {
    let board = try shippedBoard("qemu-cortex-m7")
    try await withTemporaryFolder { folder in
      try write(program.replacing("arena[40000]", with: "arena[340000]"), to: "\(folder)/model.c")
      let request = ImageRequest(modelSources: ["\(folder)/model.c"], outputDirectory: "\(folder)/out")
      let error = await #expect(throws: BuildError.self) {
        try await buildImage(request, board, shippedToolchain("clang"))
      }
      #expect(error?.failures.first?.output.contains("dtcm_sram1_sram2") == true)
      #expect(!FileManager.default.fileExists(atPath: request.imagePath))
    }
  }

  @Test func emulatorThatDoesNotEndIsEnded() async throws {
    let board = try shippedBoard("qemu-cortex-m4")
    try await withTemporaryFolder { folder in
      let endless = program.replacing("(void)call(0x20, exit);", with: "(void)exit;")
      try write(endless, to: "\(folder)/model.c")
      let request = ImageRequest(modelSources: ["\(folder)/model.c"], outputDirectory: "\(folder)/out")
      let image = try await buildImage(request, board, shippedToolchain("clang"))
      let plan = try EmulatorPlan(board: board, image: image.path)
      await #expect(throws: EmulatorTimeout(limit: .milliseconds(1500))) {
        _ = try await runEmulator(plan, limit: .milliseconds(1500)) { _ in }
      }
      let run = Task { try await runEmulator(plan) { _ in } }
      try await Task.sleep(for: .milliseconds(300))
      run.cancel()
      await #expect(throws: CancellationError.self) { _ = try await run.value }
      #expect(try liveProcesses(mentioning: image.path) == [])
    }
  }
}
