/// An innermost loop of a compiled function.
package struct InnerLoop: Equatable, Sendable {
  package var function: String
  /// As the assembler takes them; the branch back goes to `start`, those out of the loop to `end`.
  package var instructions: [String]
  /// Multiply-accumulates of one iteration as the mnemonics tell them; `nil` where they cannot: a 64-bit sum
  /// may carry several narrow ones.
  package var macs: Int?

  package init(function: String, instructions: [String], macs: Int?) {
    self.function = function
    self.instructions = instructions
    self.macs = macs
  }
}

/// The innermost loops in what `llvm-objdump -d --no-show-raw-insn` prints, in the order of their addresses:
/// ranges that end in a branch back to their start and contain no other branch but out of them. Loops with
/// several paths or calls are left out: how often each part runs does not stand in the code.
package func innerLoops(disassembly: String) -> [InnerLoop] {
  var loops: [InnerLoop] = []
  var section: [Instruction] = []
  var function = ""
  for line in disassembly.split(separator: "\n") {
    if line.hasPrefix("Disassembly of section") {
      loops += innerLoops(in: section)
      section = []
    } else if line.hasSuffix(">:"), let start = line.firstIndex(of: "<") {
      function = String(line[line.index(after: start)...].dropLast(2))
    } else if let instruction = Instruction(line, function: function) {
      section.append(instruction)
    }
  }
  return loops + innerLoops(in: section)
}

private struct Instruction {
  var function: String
  var address: Int
  var mnemonic: Substring
  var operands: Substring
  /// Where it branches to.
  var target: Int?

  /// A line such as `  1a: <tab> bne <tab> 0x94 <name+0x94> @ imm = #0x76`; `nil` for any other.
  init?(_ line: Substring, function: String) {
    guard let colon = line.firstIndex(of: ":"),
      let address = Int(line[..<colon].drop { $0 == " " }, radix: 16)
    else { return nil }
    let text = line[line.index(after: colon)...].prefix { $0 != "@" }
    let words = text.split(maxSplits: 1) { $0 == "\t" || $0 == " " }
    guard let mnemonic = words.first else { return nil }
    self.function = function
    self.address = address
    self.mnemonic = mnemonic
    var operands = words.count > 1 ? words[1] : ""
    if let name = operands.firstIndex(of: "<") {
      let number = operands[..<name].split { $0 == " " || $0 == "," }.last ?? ""
      target = number.hasPrefix("0x") ? Int(number.dropFirst(2), radix: 16) : nil
      operands = operands[..<name]
    }
    while operands.last?.isWhitespace == true { operands.removeLast() }
    self.operands = operands
  }

  var isCall: Bool { mnemonic == "bl" || mnemonic == "blx" }

  /// The instruction with a label in place of the address that it branches to.
  func text(target label: String) -> String {
    guard target != nil else { return "\(mnemonic) \(operands)" }
    let kept = operands.split(separator: ",").dropLast().map { "\($0), " }.joined()
    return "\(mnemonic) \(kept)\(label)"
  }
}

private func innerLoops(in section: [Instruction]) -> [InnerLoop] {
  let positions = Dictionary(section.enumerated().map { ($1.address, $0) }, uniquingKeysWith: { $1 })
  let ranges = section.enumerated().compactMap { position, instruction -> ClosedRange<Int>? in
    guard !instruction.isCall, let start = instruction.target.flatMap({ positions[$0] }), start <= position
    else { return nil }
    return start...position
  }
  return ranges.compactMap { range in
    let body = section[range]
    let addresses = section[range.lowerBound].address...section[range.upperBound].address
    guard
      !body.dropLast().contains(where: { $0.isCall || $0.target.map(addresses.contains) == true })
    else { return nil }
    let texts = body.enumerated().map { offset, instruction in
      instruction.text(target: offset == body.count - 1 ? "start" : "end")
    }
    let macs = body.map(multiplyAccumulates)
    return InnerLoop(
      function: section[range.lowerBound].function, instructions: texts,
      macs: macs.contains(nil) ? nil : macs.compactMap(\.self).reduce(0, +))
  }
}

/// `nil` where the mnemonic alone does not tell.
private func multiplyAccumulates(_ instruction: Instruction) -> Int? {
  let parts = instruction.mnemonic.split(separator: ".")
  let (name, type) = (parts[0], parts.dropFirst().first ?? "")
  let lanes = ["s8": 16, "u8": 16, "i8": 16, "s16": 8, "u16": 8, "i16": 8, "f16": 8][type] ?? 4
  if name.hasPrefix("vmla") || name.hasPrefix("vfma") || name.hasPrefix("vfms") || name.hasPrefix("vmlad") {
    return instruction.operands.hasPrefix("s") || instruction.operands.hasPrefix("d") ? 1 : lanes
  }
  if ["smlal", "umlal", "umaal"].contains(name) { return nil }
  if name.hasPrefix("smlad") || name.hasPrefix("smuad") || name.hasPrefix("smlald") { return 2 }
  let single = ["smlabb", "smlabt", "smlatb", "smlatt", "smulbb", "smulbt", "smultb", "smultt", "mla"]
  return single.contains(String(name)) ? 1 : 0
}
