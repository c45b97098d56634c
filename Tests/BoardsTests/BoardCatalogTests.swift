import Boards
import Testing

/// A complete little BSP that the tests change one thing in.
private let small: [String: String] = [
  "Cores/tiny.yml": """
  schema: 1
  target: thumbv7em-none-eabi
  flags:
    clang: [-mcpu=cortex-m4]
  backends: [Portable]
  """,
  "Chips/chip.yml": """
  schema: 1
  inherits: tiny
  regions:
    - name: flash
      kind: flash
      origin: 0
      length: 64 KiB
    - name: sram
      kind: sram
      origin: 0x20000000
      length: 0x4000
  boot: {vectors: flash, code: flash, constants: flash, ram: [sram]}
  timer: {kind: systick, clock: 16 MHz}
  """,
  "Boards/demo/board.yml": """
  schema: 1
  inherits: chip
  title: Demo
  run:
    emulator: {machine: some-machine}
  """,
]

private func resolve(_ name: String = "demo", replacing changes: [String: String]) throws -> Board {
  try withFolder(small.merging(changes) { $1 }) { root in
    try BoardCatalog(sources: [BoardSource(kind: .builtIn, root: root)]).board(named: name)
  }
}

/// The messages for a changed BSP, with the temporary folder's name taken away.
private func messages(_ name: String = "demo", replacing changes: [String: String]) throws -> [String] {
  try withFolder(small.merging(changes) { $1 }) { root in
    let catalog = BoardCatalog(sources: [BoardSource(kind: .builtIn, root: root)])
    do {
      _ = try catalog.board(named: name)
      return []
    } catch let error as ConfigurationError {
      return error.problems.map { $0.description.replacing("\(root)/", with: "") }
    }
  }
}

@Suite struct BoardCatalogTests {
  @Test func everyShippedBoardResolves() throws {
    let catalog = BoardCatalog(sources: [BoardSource(kind: .builtIn, root: try packageFolder() + "/BSP")])
    #expect(
      catalog.names == [
        "host", "qemu-cortex-m33", "qemu-cortex-m4", "qemu-cortex-m55", "qemu-cortex-m7", "qemu-microbit",
        "stm32f746g-disco",
      ])
    for name in catalog.names { #expect(try catalog.board(named: name).name == name) }
    #expect(catalog.lint(try packageFolder() + "/BSP") == [])
  }

  @Test func discoveryBoardHasItsRealRegions() throws {
    let catalog = BoardCatalog(sources: [BoardSource(kind: .builtIn, root: try packageFolder() + "/BSP")])
    let board = try catalog.board(named: "stm32f746g-disco")
    #expect(board.chip == "stm32f746ng")
    #expect(board.core.name == "cortex-m7")
    #expect(board.ramRegions.map(\.length) == [65_536, 245_760, 16_384])
    #expect(board.ramSpans.map(\.names) == [["dtcm", "sram1", "sram2"]])
    #expect(board.ramSpans.map(\.length) == [327_680])
    #expect(board.neighbors(of: "sram1").map(\.name) == ["dtcm", "sram2"])
    let flash = try #require(board.region(named: "flash"))
    #expect(flash.origin == 0x0800_0000)
    #expect(flash.length == 1_048_576)
    #expect(flash.aliases == [0x0020_0000])
    #expect(flash.flash == .init(eraseSector: 262_144, programWidth: 4, endurance: 10_000))
    #expect(board.timer == DeviceTimer(kind: .systick, clock: 16_000_000))
    #expect(board.clock == 216_000_000)
  }

  @Test func emulatedBoardKeepsTheChipsRam() throws {
    let catalog = BoardCatalog(sources: [BoardSource(kind: .builtIn, root: try packageFolder() + "/BSP")])
    let real = try catalog.board(named: "stm32f746g-disco")
    let emulated = try catalog.board(named: "qemu-cortex-m7")
    #expect(emulated.ramRegions == real.ramRegions)
    #expect(emulated.region(named: "flash")?.origin == 0)
    #expect(emulated.region(named: "flash")?.length == real.region(named: "flash")?.length)
    #expect(emulated.memoryGuard == .mpu)
    #expect(emulated.run == .emulator(Emulator(machine: "mps2-an500")))
    #expect(
      emulated.transports == [
        .semihosting, .uart(.init(kind: .cmsdk, base: 0x4000_4000, clock: 25_000_000)),
      ])
    #expect(emulated.timer == DeviceTimer(kind: .cmsdk, base: 0x4000_0000, clock: 25_000_000))
  }

  @Test func microbitWritesItsOwnFlash() throws {
    let catalog = BoardCatalog(sources: [BoardSource(kind: .builtIn, root: try packageFolder() + "/BSP")])
    let board = try catalog.board(named: "qemu-microbit")
    #expect(board.core.name == "cortex-m0" && board.memoryGuard == .none)
    #expect(board.flashController == FlashController(driver: .nrf51NVMC, region: "flash", base: 0x4001_E000))
    #expect(
      board.writableFlash?.flash == .init(eraseSector: 1024, programWidth: 4, endurance: 20_000))
    #expect(try JSONCoding.roundTrip(board) == board)
    #expect(try catalog.board(named: "qemu-cortex-m7").writableFlash == nil)
  }

  @Test(arguments: [
    (
      "region: rom", "",
      ["Boards/demo/board.yml:7: 'flash-controller.region': no region is named 'rom'; flash: flash"]
    ),
    ("region: sram", "", ["Boards/demo/board.yml:7: 'flash-controller.region': region 'sram' is sram"]),
    (
      "region: flash", "",
      [
        "Chips/chip.yml:4: region 'flash' needs 'erase-sector' and 'program-width': the board's flash-controller "
          + "writes it"
      ]
    ),
    (
      "region: flash", "erase-sector: 3000, program-width: 2",
      [
        "Boards/demo/board.yml:9: 'program-width': nrf51-nvmc programs 4 bytes at once, not 2",
        "Boards/demo/board.yml:9: 'erase-sector': 3000 bytes do not divide region 'flash' (0x00000000-0x0000FFFF) "
          + "into whole pages of whole words",
      ]
    ),
    ("region: flash", "erase-sector: 1 KiB, program-width: 4", []),
  ])
  func aFlashControllerNeedsItsFlash(region: String, flash: String, expected: [String]) throws {
    let regions =
      flash.isEmpty
      ? "" : "\nregions:\n  - {name: flash, kind: flash, origin: 0, length: 64 KiB, \(flash)}"
    let text =
      small["Boards/demo/board.yml", default: ""]
      + "\nflash-controller:\n  {driver: nrf51-nvmc, \(region), base: 0x4001E000}\(regions)"
    #expect(try messages(replacing: ["Boards/demo/board.yml": text]) == expected)
  }

  @Test func anUnknownFlashDriverIsRefused() throws {
    let text =
      small["Boards/demo/board.yml", default: ""]
      + "\nflash-controller: {driver: nvmc, region: flash, base: 0}"
    #expect(
      try messages(replacing: ["Boards/demo/board.yml": text]) == [
        "Boards/demo/board.yml:6: 'driver': 'nvmc' is not one of nrf51-nvmc"
      ])
  }

  @Test func hostHasNoRegions() throws {
    let catalog = BoardCatalog(sources: [BoardSource(kind: .builtIn, root: try packageFolder() + "/BSP")])
    let board = try catalog.board(named: "host")
    #expect(board.isHost)
    #expect(board.regions.isEmpty && board.boot == nil && board.ramSpans.isEmpty)
    #expect(MemoryPlacement(default: board) == nil)
  }

  @Test func pluginBoardResolvesThroughTheSameLoader() throws {
    let root = try packageFolder()
    let sources = try BoardSource.standard(
      pluginPaths: ["\(root)/Plugins/nucleo-f767zi"], builtIn: "\(root)/BSP")
    let board = try BoardCatalog(sources: sources).board(named: "nucleo-f767zi")
    #expect(board.core.name == "cortex-m7")
    #expect(board.ramSpans.map(\.length) == [524_288])
  }

  @Test func childOverridesScalarsReplacesByNameAndAppends() throws {
    let board = try resolve(replacing: [
      "Boards/demo/board.yml": """
      schema: 1
      inherits: chip
      title: Demo
      flags: {clang: [-mfloat-abi=soft]}
      backends: [Portable, DSP]
      regions:
        - name: sram
          kind: sram
          origin: 0x20000000
          length: 32 KiB
        - {name: extra, kind: ccm, origin: 0x10000000, length: 8 KiB}
      boot: {ram: [extra, sram]}
      timer: {clock: 48 MHz}
      run:
        emulator: {machine: other}
      """
    ])
    #expect(board.regions.map(\.name) == ["flash", "sram", "extra"])
    #expect(board.regions.map(\.length) == [65_536, 32_768, 8192])
    #expect(board.boot == .init(vectors: "flash", code: "flash", constants: "flash", ram: ["extra", "sram"]))
    #expect(board.timer == DeviceTimer(kind: .systick, clock: 48_000_000))
    #expect(board.core.flags == ["clang": ["-mcpu=cortex-m4", "-mfloat-abi=soft"]])
    #expect(board.core.backends == ["Portable", "DSP"])
  }

  @Test func firstSourceWins() throws {
    try withFolder([
      "project/Boards/demo/board.yml": "schema: 1\ninherits: chip\ntitle: Mine\nrun: {host: true}\n",
      "plugin/plugin.yml": "schema: 1\nname: p\nversion: 1.0.0\ncontents: [cores]\n",
      "plugin/Cores/tiny.yml": "schema: 1\ntarget: other\nflags: {}\nbackends: [Portable]\n",
    ]) { root in
      try withFolder(small) { builtIn in
        let sources = try BoardSource.standard(
          project: "\(root)/project", pluginPaths: ["\(root)/plugin"], user: "\(root)/absent",
          builtIn: builtIn)
        #expect(sources.map(\.kind) == [.project, .plugin, .builtIn])
        let board = try BoardCatalog(sources: sources).board(named: "demo")
        #expect(board.title == "Mine")
        #expect(board.core.target == "other")
      }
    }
  }

  @Test func unknownBoardNamesTheNearest() throws {
    let catalog = BoardCatalog(sources: [BoardSource(kind: .builtIn, root: try packageFolder() + "/BSP")])
    let error = #expect(throws: UnknownBoard.self) { try catalog.board(named: "qemu-cortex-m8") }
    #expect(
      error?.description == """
        unknown board 'qemu-cortex-m8'; did you mean 'qemu-cortex-m4' or 'qemu-cortex-m7' or 'qemu-cortex-m33'?
        boards: host, qemu-cortex-m33, qemu-cortex-m4, qemu-cortex-m55, qemu-cortex-m7, qemu-microbit, \
        stm32f746g-disco
        """)
  }

  @Test func allProblemsOfAFileInOnePass() throws {
    let found = try messages(replacing: [
      "Chips/chip.yml": """
      schema: 1
      inherits: tiny
      regoins: []
      regions:
        - name: flash
          kind: flesh
          origin: 0
          lenght: 64 KiB
        - {name: sram, kind: sram, origin: here, length: 64 Kib}
        - {name: sram, kind: sram, origin: 0, length: 1}
      """
    ])
    #expect(
      found == [
        "Chips/chip.yml:3: unknown key 'regoins'; did you mean 'regions'?",
        "Chips/chip.yml:6: 'kind': 'flesh' is not one of flash, sram, dtcm, itcm, ccm",
        "Chips/chip.yml:8: unknown key 'lenght'; did you mean 'length'?",
        "Chips/chip.yml:5: 'length' is missing",
        "Chips/chip.yml:9: 'origin': 'here' is not an address such as 0x20000000",
        "Chips/chip.yml:9: 'length': '64 Kib' is not a size such as 65536, 0x10000 or 64 KiB",
        "Chips/chip.yml:10: 'regions' has two entries named 'sram'",
      ])
  }

  @Test func missingParentNamesTheNearest() throws {
    #expect(
      try messages(replacing: [
        "Boards/demo/board.yml": "schema: 1\ntitle: Demo\ninherits: chipp\nrun: {host: true}"
      ])
        == [
          "Boards/demo/board.yml:3: 'demo' inherits from 'chipp', which does not exist; did you mean 'chip'?"
        ])
  }

  @Test func inheritanceCircleIsPrinted() throws {
    #expect(
      try messages(replacing: [
        "Chips/chip.yml": "schema: 1\ninherits: second",
        "Chips/second.yml": "schema: 1\n\ninherits: chip",
      ]) == ["Chips/second.yml:3: inheritance circle: chip -> second -> chip"])
  }

  @Test func fileIsNotItsOwnParent() throws {
    #expect(
      try messages(replacing: ["Cores/tiny.yml": "schema: 1\ninherits: tiny"])
        == ["Cores/tiny.yml:2: inheritance circle: tiny -> tiny"])
  }

  @Test func overlappingRegionsAreBothNamed() throws {
    let text =
      small["Boards/demo/board.yml", default: ""] + """

        regions:
          - {name: extra, kind: sram, origin: 0x20003FFF, length: 16}
        """
    #expect(
      try messages(replacing: ["Boards/demo/board.yml": text]) == [
        "Boards/demo/board.yml:7: regions 'sram' (0x20000000-0x20003FFF) and 'extra' (0x20003FFF-0x2000400E) overlap"
      ])
  }

  @Test func bootNamesMustExist() throws {
    let text = small["Boards/demo/board.yml", default: ""] + "\nboot: {code: rom, ram: [flash]}"
    #expect(
      try messages(replacing: ["Boards/demo/board.yml": text]) == [
        "Boards/demo/board.yml:6: 'boot.code': no region is named 'rom'; regions: flash, sram",
        "Boards/demo/board.yml:6: 'boot.ram': region 'flash' is flash",
      ])
  }

  @Test func missingKeysOfTheResolvedBoard() throws {
    #expect(
      try messages(replacing: ["Boards/demo/board.yml": "schema: 1\ninherits: chip\n"]) == [
        "Boards/demo/board.yml:1: 'title' is missing", "Boards/demo/board.yml:1: 'run' is missing",
      ])
  }

  @Test func schemaOfTheFutureIsRefused() throws {
    #expect(
      try messages(replacing: ["Cores/tiny.yml": "schema: 2\n"]) == [
        "Cores/tiny.yml:1: 'schema': 2 is unknown; this version reads 1"
      ])
  }

  @Test func brokenYAMLNamesTheLine() throws {
    let found = try messages(replacing: ["Cores/tiny.yml": "schema: 1\nflags: [a\n"])
    #expect(found.count == 1)
    #expect(found[0].hasPrefix("Cores/tiny.yml:3: not valid YAML: "))
  }

  @Test func pluginWithoutItsFoldersIsRefused() throws {
    try withFolder(["plugin.yml": "schema: 1\nname: p\nversion: 1.0.0\ncontents: [boards, chip]\n"]) { root in
      let error = #expect(throws: ConfigurationError.self) {
        try BoardSource.standard(pluginPaths: [root, "\(root)/none"], builtIn: root)
      }
      #expect(
        error?.description.replacing(root, with: "ROOT") == """
          ROOT/plugin.yml:4: 'contents': 'chip' is not one of boards, chips, cores, toolchains, kernels, importers
          ROOT/plugin.yml:4: declares boards, but has no folder Boards
          ROOT/none/plugin.yml: the file cannot be read
          """)
    }
  }

  @Test func boardsAreCodable() throws {
    let board = try resolve(replacing: [:])
    let coded = try JSONCoding.roundTrip(board)
    #expect(coded == board)
  }
}
