import Boards

/// Kept samples in flash that the program writes itself: whole pages at the end of their region, out of the
/// reach of code. A slot never straddles pages that it shares (as `tinysdk_flash.h` has it): pages hold as
/// many as fit whole, and a larger slot takes whole pages.
public struct ReplayPages: Sendable, Equatable, Codable {
  /// The flash region.
  public var region: String
  /// The first page's address.
  public var address: UInt64
  /// Bytes of a page.
  public var pageBytes: Int
  public var pages: Int
  /// Erase cycles that the maker warrants for a page; nil where the board does not say.
  public var endurance: Int?

  /// In flash.
  public var bytes: Int { pages * pageBytes }
  /// In RAM: the page that is being rewritten.
  public var bufferBytes: Int { pageBytes }

  /// Pages for so many slots.
  /// - Parameters:
  ///   - slotBytes: content of a slot.
  ///   - wordBytes: what the flash programs at once; a slot takes whole words.
  static func count(slots: Int, slotBytes: Int, pageBytes: Int, wordBytes: Int) -> Int {
    let shared = pageBytes / ((slotBytes + wordBytes - 1) / wordBytes * wordBytes)
    guard shared > 0 else { return slots * ((slotBytes + pageBytes - 1) / pageBytes) }
    return (slots + shared - 1) / shared
  }

  /// Samples that so many pages hold.
  public func slots(in pages: Int, slotBytes: Int, wordBytes: Int = 4) -> Int {
    let shared = pageBytes / ((slotBytes + wordBytes - 1) / wordBytes * wordBytes)
    guard shared > 0 else { return pages / ((slotBytes + pageBytes - 1) / pageBytes) }
    return pages * shared
  }
}

extension Plan {
  /// The pages that the plan's kept samples take on `board`; nil where they lie in RAM, and on the host, which
  /// keeps them as a plain array.
  /// - Throws: `NoWritableFlash` where they are to lie in flash that the board's programs cannot write;
  ///   `DoesNotFit` where there are not as many pages.
  public func replayPages(on board: Board) throws -> ReplayPages? {
    guard options.purpose == .training, let replay = options.replay, replay.memory == .flash,
      let prefix = frozenPrefix, !board.isHost
    else { return nil }
    guard let region = board.writableFlash, let page = region.flash?.eraseSector,
      let word = region.flash?.programWidth
    else { throw NoWritableFlash(board: board.name) }
    let pages = ReplayPages.count(
      slots: replay.samples, slotBytes: prefix.edgeBytes, pageBytes: page, wordBytes: word)
    guard pages * page <= region.length else {
      throw DoesNotFit(
        plan: self, region: region.name, needed: pages * page, available: region.length,
        demands: [MemoryDemand(name: "replay", bytes: pages * page)])
    }
    return ReplayPages(
      region: region.name, address: region.end - UInt64(pages * page), pageBytes: page, pages: pages,
      endurance: region.flash?.endurance)
  }
}

/// Kept samples were to lie in flash that the board's programs cannot write.
public struct NoWritableFlash: Error, Equatable, CustomStringConvertible {
  public var board: String
  /// Boards on which they can; filled in by whoever knows them.
  public var boards: [String] = []

  public init(board: String, boards: [String] = []) {
    self.board = board
    self.boards = boards
  }

  public var description: String {
    "'replay.memory: flash' in tinysdk.yml: board '\(board)' has no 'flash-controller', so a program cannot write its "
      + "flash; take 'memory: sram'"
      + (boards.isEmpty ? "" : ", or a board that has one: \(boards.joined(separator: ", "))")
  }
}
