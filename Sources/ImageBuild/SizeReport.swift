import Boards

/// How much of each memory region an image takes, read from the ELF file itself.
public struct SizeReport: Equatable, Codable, Sendable {
  public struct Region: Equatable, Codable, Sendable {
    public var name: String
    public var used: Int
    public var length: Int

    public init(name: String, used: Int, length: Int) {
      self.name = name
      self.used = used
      self.length = length
    }

    /// `DTCM  [=====     ]  52.1 % (33,321 of 65,536 bytes)`, the name padded to `width`.
    public func bar(nameWidth width: Int = 0) -> String {
      let share = length == 0 ? 0 : Double(used) / Double(length)
      let filled = used == 0 ? 0 : min(10, max(1, Int((share * 10).rounded())))
      let bar = String(repeating: "=", count: filled) + String(repeating: " ", count: 10 - filled)
      let tenths = Int((share * 1000).rounded())
      let percent = padded("\(tenths / 10).\(tenths % 10)", left: 5)
      let name = name.uppercased() + String(repeating: " ", count: max(0, width - name.count))
      return "\(name)  [\(bar)] \(percent) % (\(grouped(used)) of \(grouped(length)) bytes)"
    }
  }

  /// In the board's order.
  public var regions: [Region]
  public var arenaBytes: Int
  public var stateBytes: Int
  /// The last good copy of the trainable state.
  public var copyBytes: Int
  /// Samples kept to learn from again, in RAM.
  public var replayBytes: Int
  /// Likewise, in flash that the program writes itself: whole pages.
  public var replayPageBytes: Int
  /// Reserved for the stack.
  public var stackBytes: Int
  /// Initialised and zeroed variables.
  public var dataBytes: Int
  /// Everything that is programmed: code, constants, initial values.
  public var flashBytes: Int
  /// Arena, state, its copy, kept samples, stack and data: all static RAM.
  public var sramBytes: Int { arenaBytes + stateBytes + copyBytes + replayBytes + stackBytes + dataBytes }

  /// One line for each region of the board.
  public var bars: [String] {
    let width = regions.map(\.name.count).max() ?? 0
    return regions.map { $0.bar(nameWidth: width) }
  }

  public init(
    regions: [Region], arenaBytes: Int, stateBytes: Int, copyBytes: Int = 0, replayBytes: Int = 0,
    replayPageBytes: Int = 0, stackBytes: Int, dataBytes: Int, flashBytes: Int
  ) {
    self.regions = regions
    self.arenaBytes = arenaBytes
    self.stateBytes = stateBytes
    self.copyBytes = copyBytes
    self.replayBytes = replayBytes
    self.replayPageBytes = replayPageBytes
    self.stackBytes = stackBytes
    self.dataBytes = dataBytes
    self.flashBytes = flashBytes
  }

  /// Measures an image. What straddles regions counts in each by its share.
  public init(image: ELFFile, board: Board) {
    let memory = image.sections.filter { $0.isAllocated && $0.size > 0 }
    var extents = memory.map { (address: $0.address, size: $0.size) }
    // Initial values lie in flash as well, at the address that they are loaded to.
    let loaded = image.segments.filter { $0.fileSize > 0 && $0.physicalAddress != $0.virtualAddress }
    extents += loaded.map { (address: $0.physicalAddress, size: $0.fileSize) }
    regions = board.regions.map { region in
      let used = extents.reduce(0) { sum, extent in
        let start = max(extent.address, region.origin)
        let end = min(extent.address + UInt64(extent.size), region.end)
        return sum + (end > start ? Int(end - start) : 0)
      }
      return Region(name: region.name, used: used, length: region.length)
    }
    func bytes(_ names: String...) -> Int {
      memory.filter { names.contains($0.name) }.reduce(0) { $0 + $1.size }
    }
    arenaBytes = bytes(".tinysdk_arena")
    stateBytes = bytes(".tinysdk_state")
    copyBytes = bytes(".tinysdk_copy")
    let kept = memory.filter { $0.name == ".tinysdk_replay" }
    let inFlash = kept.filter { section in
      board.regions.contains { !$0.isWritable && $0.contains(section.address) }
    }
    replayPageBytes = inFlash.reduce(0) { $0 + $1.size }
    replayBytes = bytes(".tinysdk_replay") - replayPageBytes
    stackBytes = bytes(".tinysdk_stack")
    dataBytes = bytes(".data", ".bss")
    let flash = zip(board.regions, regions).filter { !$0.0.isWritable }.reduce(0) { $0 + $1.1.used }
    flashBytes = flash - replayPageBytes
  }
}

/// `1234567` as `1,234,567`.
public func grouped(_ number: Int) -> String {
  let digits = Array(String(number.magnitude))
  var text = ""
  for (index, digit) in digits.enumerated() {
    if index > 0, (digits.count - index) % 3 == 0 { text.append(",") }
    text.append(digit)
  }
  return number < 0 ? "-\(text)" : text
}

private func padded(_ text: String, left width: Int) -> String {
  String(repeating: " ", count: max(0, width - text.count)) + text
}
