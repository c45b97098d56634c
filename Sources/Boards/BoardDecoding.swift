extension Board {
  /// Reads a resolved board: its own file merged over its parents.
  /// - Throws: `ConfigurationError` with every missing key, and every name and value that makes no sense
  ///   beside the others.
  init(name: String, chip: String?, core: String, resolved node: ConfigurationNode) throws(ConfigurationError)
  {
    var problems = BoardSchema.shape.problems(in: node, key: name, complete: true)
    guard problems.isEmpty else { throw ConfigurationError(problems) }
    let core = Core(
      name: core, target: node["target"]?.text ?? "",
      flags: Dictionary(
        (node["flags"]?.entries ?? []).map { ($0.key, $0.value.texts) }, uniquingKeysWith: { $1 }),
      backends: node["backends"]?.texts ?? [], optimize: node["optimize"]?.choice())
    self.init(
      name: name, title: node["title"]?.text ?? name, chip: chip, core: core,
      regions: (node["regions"]?.elements ?? []).map(MemoryRegion.init),
      run: Self.run(node["run"], &problems),
      transports: Self.transports(node["transports"], &problems),
      timer: Self.timer(node["timer"], &problems),
      memoryGuard: node["guard"]?.choice() ?? .none,
      flashController: node["flash-controller"].flatMap(FlashController.init),
      boot: node["boot"].map(Boot.init),
      stackBytes: node["stack"]?.int(.bytes) ?? 4096,
      clock: node["clock"]?.int(.hertz))
    problems += BoardCheck.problems(in: self, node)
    guard problems.isEmpty else { throw ConfigurationError(problems) }
  }

  private static func run(_ node: ConfigurationNode?, _ problems: inout [ConfigurationProblem]) -> RunMethod {
    guard let node, let entry = node.entries.first, node.entries.count == 1 else {
      if let node { problems.append(node.problem("'run' needs exactly one of host, emulator, probe")) }
      return .host
    }
    switch entry.key {
    case "emulator":
      return .emulator(
        Emulator(
          program: entry.value["program"]?.text ?? "qemu-system-arm",
          machine: entry.value["machine"]?.text ?? "", cpu: entry.value["cpu"]?.text,
          arguments: entry.value["arguments"]?.texts ?? [],
          instructionShift: entry.value["instruction-shift"]?.int(.count) ?? 6))
    case "probe":
      return .probe(
        entry.value.elements.map {
          Probe(name: $0["name"]?.text ?? "", command: $0["command"]?.text ?? "")
        })
    default:
      if entry.value.text != "true" { problems.append(node.problem("'run' needs 'host: true'")) }
      return .host
    }
  }

  private static func transports(
    _ node: ConfigurationNode?, _ problems: inout [ConfigurationProblem]
  ) -> [Transport] {
    (node?.elements ?? []).compactMap { element in
      guard element["name"]?.text == "uart" else { return .semihosting }
      guard let kind: Transport.UART.Kind = element["kind"]?.choice(), let base = element["base"]?.address
      else {
        problems.append(element.problem("a uart needs 'kind' and 'base'"))
        return nil
      }
      return .uart(
        Transport.UART(
          kind: kind, base: base, clock: element["clock"]?.int(.hertz),
          baud: element["baud"]?.int(.count) ?? 115_200))
    }
  }

  private static func timer(
    _ node: ConfigurationNode?, _ problems: inout [ConfigurationProblem]
  ) -> DeviceTimer? {
    guard let node, let kind: DeviceTimer.Kind = node["kind"]?.choice() else { return nil }
    if kind == .cmsdk, node["base"] == nil { problems.append(node.problem("a cmsdk timer needs 'base'")) }
    return DeviceTimer(kind: kind, base: node["base"]?.address, clock: node["clock"]?.int(.hertz) ?? 0)
  }
}

extension Board.Boot {
  fileprivate init(_ node: ConfigurationNode) {
    self.init(
      vectors: node["vectors"]?.text ?? "", code: node["code"]?.text ?? "",
      constants: node["constants"]?.text ?? "", ram: node["ram"]?.texts ?? [])
  }
}

extension FlashController {
  /// Nil for an unknown driver, which the schema reports.
  fileprivate init?(_ node: ConfigurationNode) {
    guard let driver: Driver = node["driver"]?.choice() else { return nil }
    self.init(driver: driver, region: node["region"]?.text ?? "", base: node["base"]?.address ?? 0)
  }
}

extension MemoryRegion {
  fileprivate init(_ node: ConfigurationNode) {
    let flash = Flash(
      eraseSector: node["erase-sector"]?.int(.bytes), programWidth: node["program-width"]?.int(.bytes),
      endurance: node["endurance"]?.int(.count))
    self.init(
      name: node["name"]?.text ?? "", origin: node["origin"]?.address ?? 0,
      length: node["length"]?.int(.bytes) ?? 0, kind: node["kind"]?.choice() ?? .sram,
      attributes: (node["attributes"]?.elements ?? []).compactMap { $0.choice() },
      aliases: (node["aliases"]?.elements ?? []).compactMap(\.address),
      loadAddress: node["load-address"]?.address,
      flash: flash == Flash() ? nil : flash)
  }
}

extension ConfigurationNode {
  /// The scalars of a list.
  public var texts: [String] { elements.compactMap(\.text) }

  var address: UInt64? { text.flatMap(Quantity.address.parse) }

  func int(_ quantity: Quantity) -> Int? { text.flatMap(quantity.parse).map(Int.init) }

  func choice<Choice: RawRepresentable<String>>() -> Choice? { text.flatMap(Choice.init) }
}
