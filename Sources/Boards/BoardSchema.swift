/// The keys of core, chip and board files. All three levels share one shape: a key stands where it is true
/// for everything below.
enum BoardSchema {
  /// The newest `schema:` that this version reads.
  static let version = 1

  static let shape = ConfigurationShape.mapping([
    ConfigurationField("schema", .number(.count), required: true),
    ConfigurationField("inherits", .text),
    ConfigurationField("title", .text, required: true),
    ConfigurationField("target", .text, required: true),
    ConfigurationField("flags", .table(.list(.text)), required: true),
    ConfigurationField("backends", .list(.text), required: true),
    ConfigurationField("optimize", .choice(KernelGoal.allCases.map(\.rawValue))),
    ConfigurationField("clock", .number(.hertz)),
    ConfigurationField("regions", .named(regionFields)),
    ConfigurationField("boot", .mapping(bootFields)),
    ConfigurationField("guard", .choice(Board.MemoryGuard.allCases.map(\.rawValue))),
    ConfigurationField("flash-controller", .mapping(flashControllerFields)),
    ConfigurationField("stack", .number(.bytes)),
    ConfigurationField("timer", .mapping(timerFields)),
    ConfigurationField("transports", .named(transportFields)),
    ConfigurationField("run", .mapping(runFields, replaced: true), required: true),
  ])

  private static let regionFields = [
    ConfigurationField("name", .text, required: true),
    ConfigurationField("kind", .choice(MemoryRegion.Kind.allCases.map(\.rawValue)), required: true),
    ConfigurationField("origin", .number(.address), required: true),
    ConfigurationField("length", .number(.bytes), required: true),
    ConfigurationField(
      "attributes", .list(.choice(MemoryRegion.Attribute.allCases.map(\.rawValue)))),
    ConfigurationField("aliases", .list(.number(.address))),
    ConfigurationField("load-address", .number(.address)),
    ConfigurationField("erase-sector", .number(.bytes)),
    ConfigurationField("program-width", .number(.bytes)),
    ConfigurationField("endurance", .number(.count)),
  ]

  private static let bootFields = [
    ConfigurationField("vectors", .text, required: true),
    ConfigurationField("code", .text, required: true),
    ConfigurationField("constants", .text, required: true),
    ConfigurationField("ram", .list(.text, replaced: true), required: true),
  ]

  private static let flashControllerFields = [
    ConfigurationField(
      "driver", .choice(FlashController.Driver.allCases.map(\.rawValue)), required: true),
    ConfigurationField("region", .text, required: true),
    ConfigurationField("base", .number(.address), required: true),
  ]

  private static let timerFields = [
    ConfigurationField("kind", .choice(DeviceTimer.Kind.allCases.map(\.rawValue)), required: true),
    ConfigurationField("base", .number(.address)),
    ConfigurationField("clock", .number(.hertz), required: true),
  ]

  private static let transportFields = [
    ConfigurationField("name", .choice(["semihosting", "uart"]), required: true),
    ConfigurationField("kind", .choice(Transport.UART.Kind.allCases.map(\.rawValue))),
    ConfigurationField("base", .number(.address)),
    ConfigurationField("clock", .number(.hertz)),
    ConfigurationField("baud", .number(.count)),
  ]

  private static let runFields = [
    ConfigurationField("host", .flag),
    ConfigurationField(
      "emulator",
      .mapping([
        ConfigurationField("program", .text),
        ConfigurationField("machine", .text, required: true),
        ConfigurationField("cpu", .text),
        ConfigurationField("arguments", .list(.text)),
        ConfigurationField("instruction-shift", .number(.count)),
      ])),
    ConfigurationField(
      "probe",
      .named([
        ConfigurationField("name", .text, required: true),
        ConfigurationField("command", .text, required: true),
      ])),
  ]

  /// Everything in one file that no board file may contain, whatever it inherits.
  static func problems(in node: ConfigurationNode) -> [ConfigurationProblem] {
    let found = shape.problems(in: node, key: "", complete: false)
    guard let schema = node["schema"] else {
      return [node.problem("'schema' is missing; write 'schema: 1'")] + found
    }
    if let number = schema.text.flatMap(Quantity.count.parse), number != UInt64(version) {
      return [schema.problem("'schema': \(number) is unknown; this version reads \(version)")]
    }
    return found
  }
}
