import Boards
import Foundation
import ImageBuild
import Testing

@Suite struct ToolchainTests {
  @Test func shippedToolchainsAreReadable() throws {
    let catalog = ToolchainCatalog(folders: [try #require(sdk).toolchains])
    #expect(catalog.names == ["arm-none-eabi-gcc", "clang", "host"])
    for name in catalog.names {
      let flags = try catalog.toolchain(named: name).compileFlags
      #expect(flags.contains("-ffp-contract=off") && flags.contains("-std=c11") && flags.contains("-O3"))
    }
  }

  @Test func hostBuildsWithItsOwnToolchain() throws {
    let catalog = ToolchainCatalog(folders: [try #require(sdk).toolchains])
    #expect(try catalog.toolchain(named: "arm-none-eabi-gcc", for: shippedBoard("host")).name == "host")
    #expect(try catalog.toolchain(for: shippedBoard("qemu-cortex-m7")).name == "clang")
  }

  @Test func unknownToolchainNamesTheNearest() throws {
    let catalog = ToolchainCatalog(folders: [try #require(sdk).toolchains])
    let error = #expect(throws: UnknownToolchain.self) { try catalog.toolchain(named: "clagn") }
    #expect(
      error?.description == """
        unknown toolchain 'clagn'; did you mean 'clang'?
        toolchains: arm-none-eabi-gcc, clang, host
        """)
  }

  @Test func brokenToolchainFileTellsEveryProblem() async throws {
    try await withTemporaryFolder { folder in
      try write(
        "schema: 1\ntitle: x\nkind: clong\ncompiler: {programm: cc}\ncompile: []\n", to: "\(folder)/x.yml")
      let error = #expect(throws: ConfigurationError.self) { try Toolchain(contentsOf: "\(folder)/x.yml") }
      #expect(
        error?.description.replacing("\(folder)/", with: "") == """
          x.yml:3: 'kind': 'clong' is not one of clang, gcc, host
          x.yml:4: unknown key 'programm'; did you mean 'program'?
          x.yml:4: 'program' is missing
          x.yml:4: 'install' is missing
          x.yml:1: 'linker' is missing
          """)
    }
  }

  @Test func missingCompilerNamesItsPackage() async throws {
    let toolchain = try shippedToolchain("clang")
    let error = await #expect(throws: MissingTool.self) {
      try await toolchain.located(for: shippedBoard("qemu-cortex-m7"), tools: ToolLocator(environment: [:]))
    }
    #expect(
      error?.description
        == "'arm-none-eabi-gcc' is not in PATH; it comes with the Debian packages gcc-arm-none-eabi and libnewlib-arm-none-eabi"
    )
  }

  @Test(
    .enabled(
      if: installed("arm-none-eabi-gcc"),
      "needs the Debian packages gcc-arm-none-eabi, libnewlib-arm-none-eabi"),
    arguments: ["qemu-cortex-m4", "qemu-cortex-m33", "qemu-cortex-m7", "qemu-cortex-m55"])
  func crossCompilerKnowsTheSysroot(board: String) async throws {
    let located = try await shippedToolchain("clang").located(for: shippedBoard(board))
    let sysroot = try #require(located.sysroot)
    #expect(
      sysroot.includeDirectories.allSatisfy { FileManager.default.fileExists(atPath: "\($0)/string.h") })
    #expect(sysroot.libraryDirectories.contains { FileManager.default.fileExists(atPath: "\($0)/libc.a") })
    #expect(sysroot.libraryDirectories.contains { FileManager.default.fileExists(atPath: "\($0)/libgcc.a") })
  }
}
