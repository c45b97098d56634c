import Boards

/// `tinysdk_board.h`: what the device runtime knows about its board. `tinysdk_platform.h` says what each
/// macro means.
/// - Parameter transport: the transport by name; nil takes the board's first.
/// - Throws: `UnknownTransport`
public func boardHeader(for board: Board, transport name: String? = nil) throws -> String {
  let transport = try chosenTransport(of: board, named: name)
  var lines = [
    "/* Made from the description of \(board.name). */", "#ifndef TINYSDK_BOARD_H", "#define TINYSDK_BOARD_H",
    "",
    "#define TINYSDK_BOARD_NAME \"\(board.name)\"",
  ]
  lines += regionLines(board)
  lines.append("#define TINYSDK_GUARD \(guardFunction(board))")
  lines.append("#define TINYSDK_SEMIHOSTING \(board.transports.contains(.semihosting) ? 1 : 0)")
  lines.append("#define TINYSDK_TRANSPORT tinysdk_transport_\(transport.name)")
  if case .uart(let uart) = transport {
    lines.append("#define TINYSDK_UART_BASE \(unsigned(uart.base))")
    lines.append("#define TINYSDK_UART_CLOCK_HZ \(uart.clock ?? 0)u")
    lines.append("#define TINYSDK_UART_BAUD \(uart.baud)u")
  }
  lines += timerLines(board)
  if let controller = board.flashController {
    let driver = controller.driver.rawValue.replacing("-", with: "_")
    lines.append("#define TINYSDK_FLASH tinysdk_flash_\(driver)")
    lines.append("#define TINYSDK_FLASH_BASE \(unsigned(controller.base))")
  }
  return (lines + ["", "#endif", ""]).joined(separator: "\n")
}

private func chosenTransport(of board: Board, named name: String?) throws(UnknownTransport) -> Transport {
  let chosen = name == nil ? board.transports.first : board.transports.first { $0.name == name }
  guard let chosen else {
    throw UnknownTransport(board: board.name, name: name, known: board.transports.map(\.name))
  }
  return chosen
}

private func regionLines(_ board: Board) -> [String] {
  let rows = board.regions.sorted { $0.origin < $1.origin }.map { region in
    "{\"\(region.name)\", \(unsigned(region.origin)), \(unsigned(UInt64(region.length))), \(access(region, board))}"
  }
  return ["#define TINYSDK_REGIONS \\", rows.map { "  \($0)" }.joined(separator: ", \\\n")]
}

private func access(_ region: MemoryRegion, _ board: Board) -> String {
  var rights = ["TINYSDK_READ"]
  if region.isWritable || region.name == board.flashController?.region { rights.append("TINYSDK_WRITE") }
  let holdsCode = [board.boot?.vectors, board.boot?.code].contains(region.name)
  if holdsCode || region.kind == .itcm { rights.append("TINYSDK_EXECUTE") }
  return rights.joined(separator: " | ")
}

/// Armv8-M's protection unit is programmed unlike Armv7-M's; the target triple tells them apart.
private func guardFunction(_ board: Board) -> String {
  switch board.memoryGuard {
  case .none: "tinysdk_guard_none"
  case .mpu: board.core.target.hasPrefix("thumbv8") ? "tinysdk_guard_v8m" : "tinysdk_guard_v7m"
  }
}

private func timerLines(_ board: Board) -> [String] {
  guard let timer = board.timer else { return ["#define TINYSDK_TIMER tinysdk_timer_none"] }
  var lines = ["#define TINYSDK_TIMER tinysdk_timer_\(timer.kind.rawValue)"]
  if let base = timer.base { lines.append("#define TINYSDK_TIMER_BASE \(unsigned(base))") }
  lines.append("#define TINYSDK_TIMER_HZ \(timer.clock)u")
  if case .emulator(let emulator) = board.run {
    lines.append("#define TINYSDK_INSTRUCTION_NS \(1 << min(emulator.instructionShift, 10))u")
  }
  return lines
}

private func unsigned(_ value: UInt64) -> String { "\(hexadecimal(value))u" }

/// The board has no such transport.
public struct UnknownTransport: Error, Equatable, CustomStringConvertible {
  public var board: String
  /// Nil where the board has none at all.
  public var name: String?
  public var known: [String]

  public init(board: String, name: String?, known: [String]) {
    self.board = board
    self.name = name
    self.known = known
  }

  public var description: String {
    guard let name else { return "board '\(board)' has no transport; add 'transports' to its board.yml" }
    return "board '\(board)' has no transport '\(name)'; it has: \(known.joined(separator: ", "))"
  }
}
