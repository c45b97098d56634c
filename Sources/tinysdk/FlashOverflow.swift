import Compiler
import ImageBuild

/// Code and constants reach into the flash pages of the kept samples.
package struct FlashOverflow: Error, Equatable, CustomStringConvertible {
  package var board: String
  /// The flash region.
  package var region: String
  /// Bytes that code and constants are too many.
  package var overBytes: Int
  /// The pages of the kept samples.
  package var pages: ReplayPages
  /// How many samples would fit; 0 where none would.
  package var samples: Int

  /// - Returns: nil where `error` is no linker's that the plan's pages left too little flash.
  package init?(_ error: BuildError, _ plan: Plan) {
    guard let pages = plan.replayPages, let edge = plan.frozenPrefix?.edgeBytes,
      let over = Self.overflow(of: pages.region, in: error)
    else { return nil }
    board = plan.board ?? ""
    region = pages.region
    overBytes = over
    self.pages = pages
    let lost = (over + pages.pageBytes - 1) / pages.pageBytes
    samples = pages.slots(in: max(0, pages.pages - lost), slotBytes: edge)
  }

  /// The most bytes that the linker has too many for a memory: lld names sections, GNU ld the memory alone.
  private static func overflow(of region: String, in error: BuildError) -> Int? {
    let memory = String(region.map { $0.isLetter || $0.isNumber ? $0 : "_" })
    let lines = error.failures.filter { $0.job.kind == .link }.flatMap { $0.output.split(separator: "\n") }
    return lines.compactMap { line -> Int? in
      guard line.contains("\(memory)'"), let words = line.firstRange(of: "overflowed by ") else {
        return nil
      }
      return Int(line[words.upperBound...].prefix { $0.isNumber })
    }.max()
  }

  package var description: String {
    let advice =
      samples > 0
      ? "'replay.samples: \(samples)' would fit"
      : "no kept sample fits; take 'replay.memory: sram', or leave 'replay' out"
    return
      "the image does not fit '\(board)': code and constants are \(grouped(overBytes)) bytes too many for \(region) beside "
      + "\(pages.pages) pages of \(grouped(pages.pageBytes)) bytes with kept samples; \(advice)"
  }
}
