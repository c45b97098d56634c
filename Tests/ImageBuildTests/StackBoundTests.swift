import ImageBuild
import Testing

/// A call through a table, a direct call, a recursion, and a frame that nothing calls.
private let program = """
  void Reset_Handler(void);
  void handler(void);
  NOINLINE int recursive(int);
  int again(int);
  int use(volatile char *bytes);
  __attribute__((noinline)) int use(volatile char *bytes) { bytes[0] = 1; return bytes[1]; }
  static __attribute__((noinline)) int small(int x) { volatile char b[64]; return use(b) + x; }
  static __attribute__((noinline)) int large(int x) { volatile char b[512]; return use(b) + x; }
  int (*const table[2])(int) = {small, large};
  int unused(int x);
  int unused(int x) { volatile char b[4096]; return use(b) + x; }
  volatile int n;
  void handler(void) { volatile char b[256]; n = use(b); }
  void Reset_Handler(void) { volatile char b[128]; n = table[n & 1](n) + use(b); RECURSION }
  NOINLINE int recursive(int x) { volatile char b[32]; return x > 0 ? recursive(x - 1) + use(b) : use(b); }
  """

@Suite(
  .enabled(
    if: installed("arm-none-eabi-gcc", "clang"),
    "needs clang and the Debian packages gcc-arm-none-eabi, libnewlib-arm-none-eabi"))
struct StackBoundTests {
  private func bound(_ toolchain: String, _ text: String) async throws -> StackBound {
    try await withTemporaryFolder { folder in
      let board = try shippedBoard("qemu-cortex-m7")
      let attributed = text.replacing("NOINLINE", with: "__attribute__((noinline))")
      try write(attributed, to: "\(folder)/model.c")
      let request = ImageRequest(modelSources: ["\(folder)/model.c"], outputDirectory: "\(folder)/out")
      let located = try await shippedToolchain(toolchain).located(for: board)
      let jobs = try planImage(request, board, located).filter { $0.kind != .link }
      try await Executor(directory: "\(folder)/out").run(jobs)
      return try StackBound(objectPaths: ["\(folder)/out/model/model.c.o"], exceptions: ["handler"])
    }
  }

  @Test(arguments: ["clang", "arm-none-eabi-gcc"])
  func heaviestPathGoesThroughTheTable(toolchain: String) async throws {
    let bound = try await bound(toolchain, program.replacing("RECURSION", with: ""))
    #expect(bound.path.prefix(2) == ["Reset_Handler", "large"])
    let allowances = StackBound.libraryBytes + StackBound.exceptionBytes
    #expect(bound.bytes >= 128 + 512 + 256 + allowances)
    #expect(bound.bytes < 128 + 512 + 256 + allowances + 128)
    #expect(bound.recursive == [])
  }

  @Test func mutualRecursionIsNamed() async throws {
    let again = """
      __attribute__((noinline)) int again(int x) { volatile char b[8]; return use(b) + recursive(x - 1); }
      """
    let text = program.replacing("RECURSION", with: "n = recursive(n);")
      .replacing("recursive(x - 1)", with: "again(x)")
    let bound = try await bound("clang", text + again)
    #expect(bound.recursive == ["again", "recursive"])
  }

  @Test(arguments: ["clang", "arm-none-eabi-gcc"], ["", "static "])
  func directRecursionIsNamed(toolchain: String, linkage: String) async throws {
    let text = program.replacing("RECURSION", with: "n = recursive(n);")
      .replacing("NOINLINE", with: "\(linkage)__attribute__((noinline)) ")
    let bound = try await bound(toolchain, text)
    #expect(bound.recursive == ["recursive"])
  }
}
