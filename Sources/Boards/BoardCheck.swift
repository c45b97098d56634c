/// What must hold between the values of one board.
enum BoardCheck {
  static func problems(in board: Board, _ node: ConfigurationNode) -> [ConfigurationProblem] {
    lengthProblems(board, node) + overlapProblems(board, node) + bootProblems(board, node)
      + flashControllerProblems(board, node)
  }

  private static func lengthProblems(_ board: Board, _ node: ConfigurationNode) -> [ConfigurationProblem] {
    board.regions.filter { $0.length == 0 || $0.origin > UInt64(UInt32.max) + 1 - UInt64($0.length) }
      .map {
        let range = "\(hexadecimal($0.origin)), \($0.length) bytes"
        return line(of: $0.name, node).problem(
          "region '\($0.name)' (\(range)) is empty or leaves the 32-bit address space")
      }
  }

  /// Run addresses are compared; an alias is another view of a region's own bytes and may lie anywhere.
  private static func overlapProblems(_ board: Board, _ node: ConfigurationNode) -> [ConfigurationProblem] {
    let regions = board.regions.filter { $0.length > 0 }
    var problems: [ConfigurationProblem] = []
    for (index, region) in regions.enumerated() {
      for other in regions.dropFirst(index + 1) where region.origin < other.end && other.origin < region.end {
        problems.append(
          line(of: other.name, node).problem("regions \(described(region)) and \(described(other)) overlap"))
      }
    }
    return problems
  }

  private static func bootProblems(_ board: Board, _ node: ConfigurationNode) -> [ConfigurationProblem] {
    guard !board.isHost else { return [] }
    guard let boot = board.boot, let bootNode = node["boot"] else {
      return [node.problem("'boot' is missing: it says which regions hold vectors, code, constants and RAM")]
    }
    let named =
      [("vectors", boot.vectors), ("code", boot.code), ("constants", boot.constants)]
      + boot.ram.map { ("ram", $0) }
    return named.compactMap { key, name in
      guard let region = board.region(named: name) else {
        let known = board.regions.map(\.name).joined(separator: ", ")
        return bootNode.problem("'boot.\(key)': no region is named '\(name)'; regions: \(known)")
      }
      guard key != "ram" || region.isWritable else {
        return bootNode.problem("'boot.ram': region '\(name)' is flash")
      }
      return nil
    } + (boot.ram.isEmpty ? [bootNode.problem("'boot.ram' names no region")] : [])
  }

  private static func flashControllerProblems(
    _ board: Board, _ node: ConfigurationNode
  ) -> [ConfigurationProblem] {
    guard let controller = board.flashController, let own = node["flash-controller"] else { return [] }
    guard let region = board.region(named: controller.region) else {
      let known = board.regions.filter { !$0.isWritable }.map(\.name).joined(separator: ", ")
      return [
        own.problem("'flash-controller.region': no region is named '\(controller.region)'; flash: \(known)")
      ]
    }
    guard region.kind == .flash else {
      return [own.problem("'flash-controller.region': region '\(region.name)' is \(region.kind.rawValue)")]
    }
    guard let page = region.flash?.eraseSector, let word = region.flash?.programWidth else {
      return [
        line(of: region.name, node).problem(
          "region '\(region.name)' needs 'erase-sector' and 'program-width': the board's flash-controller writes it"
        )
      ]
    }
    var problems: [ConfigurationProblem] = []
    if word != controller.driver.wordBytes {
      problems.append(
        line(of: region.name, node).problem(
          "'program-width': \(controller.driver.rawValue) programs \(controller.driver.wordBytes) bytes at once, not \(word)"
        ))
    }
    if page == 0 || page % controller.driver.wordBytes != 0 || region.length % page != 0
      || region.origin % UInt64(page) != 0
    {
      problems.append(
        line(of: region.name, node).problem(
          "'erase-sector': \(page) bytes do not divide region \(described(region)) into whole pages of whole words"
        ))
    }
    return problems
  }

  private static func line(of region: String, _ node: ConfigurationNode) -> ConfigurationNode {
    node["regions"]?.elements.first { $0["name"]?.text == region } ?? node
  }

  private static func described(_ region: MemoryRegion) -> String {
    "'\(region.name)' (\(hexadecimal(region.origin))-\(hexadecimal(region.end - 1)))"
  }
}

/// `0x20010000`: eight digits at least.
public func hexadecimal(_ address: UInt64) -> String {
  let digits = String(address, radix: 16, uppercase: true)
  return "0x" + String(repeating: "0", count: max(0, 8 - digits.count)) + digits
}
