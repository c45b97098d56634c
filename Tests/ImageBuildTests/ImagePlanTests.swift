import Boards
import ImageBuild
import Testing

private let sysroot = Toolchain.Sysroot(
  includeDirectories: ["/arm/include"], libraryDirectories: ["/arm/lib", "/gcc/lib"])

private let request = ImageRequest(
  modelSources: ["gen/model.c"], appSources: ["App/main.c"], runtimeSources: ["rt/startup.c"],
  kernelSources: ["k/dense.c"], includeDirectories: ["gen", "rt/include"], defines: ["B": "2", "A": "1"],
  outputDirectory: "out")

private func plan(_ board: String, _ toolchain: String) throws -> [Job] {
  var toolchain = try shippedToolchain(toolchain)
  if toolchain.sysrootTool != nil { toolchain.sysroot = sysroot }
  return try planImage(request, shippedBoard(board), toolchain)
}

private func compile(_ source: String, _ object: String, tool: String, flags: [String], sysroot: Bool) -> Job
{
  let includes = ["out/generated", "gen", "rt/include"].flatMap { [Job.Argument.flag("-I"), .path($0)] }
  let system: [Job.Argument] = sysroot ? [.flag("-isystem"), .path("/arm/include")] : []
  return Job(
    kind: .compile, tool: Tool(program: tool, install: ""),
    arguments: flags.map(Job.Argument.flag) + includes + system + [
      .flag("-MD"), .flag("-MF"), .path("\(object).d"), .flag("-c"), .path(source), .flag("-o"),
      .path("\(object).o"),
    ],
    inputs: [source, "out/generated/tinysdk_board.h"],
    outputs: ["\(object).o", "\(object).d", "\(object).su"],
    dependencies: "\(object).d")
}

/// The jobs without the hints at how to install their tools.
private func withoutHints(_ jobs: [Job]) -> [Job] {
  jobs.map { job in
    var job = job
    job.tool?.install = ""
    return job
  }
}

private let codeGeneration = [
  "-std=c11", "-O3", "-ffp-contract=off", "-fno-math-errno", "-fno-strict-aliasing", "-fno-unwind-tables",
  "-fno-asynchronous-unwind-tables",
  "-ffunction-sections", "-fdata-sections", "-fstack-usage",
]
private let objects = [
  "out/model/model.c.o", "out/kernels/dense.c.o", "out/runtime/startup.c.o", "out/app/main.c.o",
]

@Suite struct ImagePlanTests {
  @Test(arguments: [
    (
      "qemu-cortex-m4",
      ["--target=thumbv7em-none-eabihf", "-mcpu=cortex-m4", "-mfpu=fpv4-sp-d16", "-mfloat-abi=hard"]
    ),
    (
      "qemu-cortex-m7",
      ["--target=thumbv7em-none-eabihf", "-mcpu=cortex-m7", "-mfpu=fpv5-sp-d16", "-mfloat-abi=hard"]
    ),
    (
      "stm32f746g-disco",
      ["--target=thumbv7em-none-eabihf", "-mcpu=cortex-m7", "-mfpu=fpv5-sp-d16", "-mfloat-abi=hard"]
    ),
    (
      "qemu-cortex-m33",
      ["--target=thumbv8m.main-none-eabihf", "-mcpu=cortex-m33", "-mfpu=fpv5-sp-d16", "-mfloat-abi=hard"]
    ),
    (
      "qemu-cortex-m55",
      ["--target=thumbv8.1m.main-none-eabihf", "-mcpu=cortex-m55+nomve.fp", "-mfloat-abi=hard"]
    ),
  ])
  func clang(board: String, core: [String]) throws {
    let jobs = withoutHints(try plan(board, "clang"))
    var flags = codeGeneration
    flags.insert("-fshort-enums", at: 5)
    let lenient = core + flags + ["-DA=1", "-DB=2", "-Wall", "-Wextra"]
    let strict = lenient + ["-Werror"]
    #expect(jobs.map(\.kind) == [.write, .write, .compile, .compile, .compile, .compile, .link])
    #expect(
      Array(jobs[2..<6]) == [
        compile("gen/model.c", "out/model/model.c", tool: "clang", flags: strict, sysroot: true),
        compile("k/dense.c", "out/kernels/dense.c", tool: "clang", flags: strict, sysroot: true),
        compile("rt/startup.c", "out/runtime/startup.c", tool: "clang", flags: strict, sysroot: true),
        compile("App/main.c", "out/app/main.c", tool: "clang", flags: lenient, sysroot: true),
      ])
    #expect(
      jobs[6]
        == Job(
          kind: .link, tool: Tool(program: "ld.lld", install: ""),
          arguments: [
            .flag("--gc-sections"), .flag("--fatal-warnings"), .flag("-T"), .path("out/generated/image.ld"),
            .joined("-Map=", path: "out/image.map"),
          ] + objects.map(Job.Argument.path) + [
            .flag("-L"), .path("/arm/lib"), .flag("-L"), .path("/gcc/lib"), .flag("--start-group"),
            .flag("-lc"),
            .flag("-lgcc"), .flag("--end-group"), .flag("-o"), .path("out/image.elf"),
          ],
          inputs: ["out/generated/image.ld"] + objects, outputs: ["out/image.elf", "out/image.map"]))
  }

  @Test(arguments: [
    ("qemu-cortex-m4", ["-mthumb", "-mcpu=cortex-m4", "-mfpu=fpv4-sp-d16", "-mfloat-abi=hard"]),
    ("qemu-cortex-m7", ["-mthumb", "-mcpu=cortex-m7", "-mfpu=fpv5-sp-d16", "-mfloat-abi=hard"]),
    ("stm32f746g-disco", ["-mthumb", "-mcpu=cortex-m7", "-mfpu=fpv5-sp-d16", "-mfloat-abi=hard"]),
    ("qemu-cortex-m33", ["-mthumb", "-mcpu=cortex-m33", "-mfpu=fpv5-sp-d16", "-mfloat-abi=hard"]),
    ("qemu-cortex-m55", ["-mthumb", "-mcpu=cortex-m55+nomve.fp", "-mfloat-abi=hard"]),
  ])
  func gcc(board: String, core: [String]) throws {
    let jobs = withoutHints(try plan(board, "arm-none-eabi-gcc"))
    var flags = codeGeneration
    flags.insert("--param=min-pagesize=0", at: 9)
    let strict = core + flags + ["-DA=1", "-DB=2", "-Wall", "-Wextra", "-Werror"]
    #expect(
      jobs[2]
        == compile(
          "gen/model.c", "out/model/model.c", tool: "arm-none-eabi-gcc", flags: strict, sysroot: false))
    let linkFlags =
      core + ["-nostartfiles", "-Wl,--gc-sections", "-Wl,--fatal-warnings", "-Wl,--no-warn-rwx-segments"]
    #expect(
      jobs[6]
        == Job(
          kind: .link, tool: Tool(program: "arm-none-eabi-gcc", install: ""),
          arguments: linkFlags.map(Job.Argument.flag) + [
            .flag("-T"), .path("out/generated/image.ld"), .joined("-Wl,-Map,", path: "out/image.map"),
          ] + objects.map(Job.Argument.path) + [
            .flag("-Wl,--start-group"), .flag("-lc"), .flag("-lgcc"), .flag("-Wl,--end-group"), .flag("-o"),
            .path("out/image.elf"),
          ],
          inputs: ["out/generated/image.ld"] + objects, outputs: ["out/image.elf", "out/image.map"]))
  }

  @Test func hostImageIsASharedObjectOfModelAndKernels() throws {
    var toolchain = try shippedToolchain("host")
    toolchain.machineFlags = toolchain.machineFlags.mapValues { _ in ["-mmachine"] }
    let jobs = try planImage(request, shippedBoard("host"), toolchain)
    #expect(jobs.map(\.kind) == [.compile, .compile, .link])
    #expect(
      jobs.map(\.inputs) == [
        ["gen/model.c"], ["k/dense.c"], ["out/objects/model.c.o", "out/objects/dense.c.o"],
      ])
    #expect(
      jobs[2].commandLine == [
        "clang", "-shared", "-Wl,-z,defs", "-lm", "out/objects/model.c.o", "out/objects/dense.c.o", "-o",
        "out/image.so",
      ])
    #expect(
      jobs[0].arguments.contains(.flag("-fPIC")) && jobs[0].arguments.contains(.flag("-ffp-contract=off")))
  }

  @Test func x86HostUsesFusedMultiplyAdd() throws {
    #expect(try shippedToolchain("host").machineFlags == ["x86_64": ["-mfma", "-mavx2"]])
  }

  @Test func filesOfOneNameGetObjectsOfTheirOwn() throws {
    var twice = request
    twice.kernelSources = ["a/dense.c", "b/dense.c"]
    let jobs = try planImage(twice, shippedBoard("host"), shippedToolchain("host"))
    #expect(
      jobs.flatMap(\.outputs).filter { $0.hasSuffix(".o") }
        == ["out/objects/model.c.o", "out/objects/dense.c.o", "out/objects/dense.c-2.o"])
  }

  @Test func coreWithoutFlagsForTheToolchainIsRefused() throws {
    var board = try shippedBoard("qemu-cortex-m4")
    board.core.flags = [:]
    let error = #expect(throws: MissingFlags.self) {
      try planImage(request, board, shippedToolchain("arm-none-eabi-gcc"))
    }
    #expect(
      error?.description
        == "core 'cortex-m4' has no flags for gcc; add 'flags: {gcc: [...]}' to its file in Cores")
  }

  @Test func clangNeedsALocatedSysroot() throws {
    #expect(throws: MissingSysrootLocation.self) {
      try planImage(request, shippedBoard("qemu-cortex-m4"), shippedToolchain("clang"))
    }
  }
}
