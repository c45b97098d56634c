import ImageBuild

/// What kernels cost on some boards.
package struct KernelBenchmarkReport: Sendable, Equatable, Codable {
  package var boards: [KernelBenchmark]

  package init(boards: [KernelBenchmark]) {
    self.boards = boards
  }

  package var text: String { boards.map(\.text).joined(separator: "\n\n") }
}

extension KernelBenchmark {
  package static let headings = [
    "shape", "rounding", "kernel", "layout", "instructions", "per unit", "", "peer", "peer's", "ratio",
  ]

  /// A row of cells for each shape; the peer is the one that needs fewest instructions.
  package var cells: [[String]] {
    rows.map { row in
      let peer = row.peers.min { $0.instructions < $1.instructions }
      return [
        row.shape, row.rounding, row.kernel, row.layout ?? "", grouped(row.instructions),
        number(row.instructionsPerUnit, 3), row.unit, peer?.name ?? "",
        peer.map { grouped($0.instructions) } ?? "", peer.map { number($0.ratio, 2) } ?? "",
      ]
    }
  }

  package var text: String {
    let title = "Kernels on \(board), chosen to save \(optimize.rawValue), counted in the emulator:"
    let table = "\(title)\n\n" + textTable(Self.headings, cells)
    return table + (loops.map { "\n\n" + loopTable($0, on: board) } ?? "")
  }
}

/// One iteration of each loop, as text.
package func loopTable(_ loops: [LoopCycles], on board: String) -> String {
  "Innermost loops that multiply, one iteration, by llvm-mca's model of \(board)'s core:\n\n"
    + textTable(LoopCycles.headings, loops.map(\.cells))
}

extension LoopCycles {
  package static let headings = [
    "file", "function", "instructions", "modelled cycles", "MACs", "cycles per MAC",
  ]

  package var cells: [String] {
    [
      file, function, "\(instructions)", cycles.map { number($0, 2) } ?? "", macs.map { "\($0)" } ?? "",
      cyclesPerMac.map { number($0, 2) } ?? "",
    ]
  }
}
