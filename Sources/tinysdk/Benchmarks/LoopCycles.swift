import Boards
import ImageBuild

/// What one iteration of a kernel's loop takes on a core, by a model of its pipeline. Nothing measures this: the
/// emulator counts instructions only.
package struct LoopCycles: Equatable, Sendable, Codable {
  /// The object file of the kernel, and the function in it.
  package var file: String
  package var function: String
  package var instructions: Int
  /// Of one iteration in a long run; `nil` where the model does not know an instruction.
  package var cycles: Double?
  /// Multiply-accumulates of one iteration; `nil` where its mnemonics do not tell.
  package var macs: Int?

  package var cyclesPerMac: Double? {
    guard let cycles, let macs, macs > 0 else { return nil }
    return cycles / Double(macs)
  }
}

/// The LLVM tools that know how long instructions take.
package let machineCodeAnalyser = Tool(program: "llvm-mca-19", install: "the Debian package llvm-19")
private let disassembler = Tool(program: "llvm-objdump-19", install: "the Debian package llvm-19")

/// Models the innermost loops that multiply in kernels' object files with llvm-mca, as far as the image that
/// was linked from them still has them.
/// - Throws: `MissingTool`, `NoPipelineModel`, `ELFError`, and `ToolFailed` where an object cannot be read.
package func loopCycles(
  ofObjects objects: [String], in image: String, core: Core, tools: ToolLocator
) async throws -> [LoopCycles] {
  guard let processor = core.processor else { throw NoPipelineModel(core: core.name) }
  let linked = Set(try ELFFile(contentsOf: image).symbols.map(\.name))
  var result: [LoopCycles] = []
  for object in objects {
    let listing = try await toolOutput(
      of: disassembler,
      ["-d", "--no-show-raw-insn", "--triple=\(core.target)", "--mcpu=\(processor)", object],
      tools: tools)
    let file = object.split(separator: "/").last.map(String.init) ?? object
    for loop in innerLoops(disassembly: listing) where loop.macs != 0 && linked.contains(loop.function) {
      let cycles = try await modelledCycles(of: loop, core: core, processor, tools: tools)
      result.append(
        LoopCycles(
          file: file, function: loop.function, instructions: loop.instructions.count, cycles: cycles,
          macs: loop.macs))
    }
  }
  return result
}

private let iterations = 200

private func modelledCycles(
  of loop: InnerLoop, core: Core, _ processor: String, tools: ToolLocator
) async throws -> Double? {
  // The end of a low-overhead loop costs nothing from the second iteration on, and the models do not know it.
  let timed = loop.instructions.filter { !$0.hasPrefix("le ") && !$0.hasPrefix("letp ") }
  let program = (["start:"] + timed + ["end:"]).joined(separator: "\n") + "\n"
  var arguments = ["-mtriple=\(core.target)", "-mcpu=\(processor)", "-iterations=\(iterations)"]
  // The models do not know the prefix of conditional instructions; it is left out of the count.
  if loop.instructions.contains(where: { $0.hasPrefix("it") }) {
    arguments.append("-skip-unsupported-instructions=lack-sched")
  }
  do {
    let report = try await toolOutput(
      of: machineCodeAnalyser, arguments + ["-"], input: program, tools: tools)
    return totalCycles(report).map { Double($0) / Double(iterations) }
  } catch is ToolFailed {
    return nil
  }
}

/// The number behind `Total Cycles:` in llvm-mca's report.
package func totalCycles(_ report: String) -> Int? {
  let line = report.split(separator: "\n").first { $0.hasPrefix("Total Cycles:") }
  return line?.split(separator: " ").last.flatMap { Int($0) }
}

extension Core {
  /// The processor by the name that LLVM has for it.
  fileprivate var processor: String? {
    let flag = flags["clang"]?.first { $0.hasPrefix("-mcpu=") }
    return flag.map { String($0.dropFirst("-mcpu=".count).prefix { $0 != "+" }) }
  }
}

/// A core without a processor that llvm-mca could model.
package struct NoPipelineModel: Error, Equatable, CustomStringConvertible {
  package var core: String

  package var description: String {
    "core '\(core)' names no processor; add '-mcpu=NAME' to 'flags: {clang: [...]}' in its file in Cores"
  }
}
