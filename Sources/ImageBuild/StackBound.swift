import FoundationEssentials

/// How much stack an image may need, without running it: the heaviest path through its references.
///
/// Every function lies in a section of its own (`-ffunction-sections`), and its object file lists what each
/// section refers to. A function may call whatever it refers to, directly or through data that it refers to
/// (a table of function pointers), so the heaviest path over all references, frames added, is an upper
/// bound. Two things are not in it and are added as allowances: functions at the end of a path of which frames
/// are unknown (the libraries', and kernels' written-out routines, which call nothing), and what an exception
/// stacks before its handler. Recursion has no bound: each function counts
/// once, and the functions on the circle are named.
public struct StackBound: Equatable, Codable, Sendable {
  /// Allowance for the deepest call into the C library or the compiler's own library, or a written-out routine
  /// of a kernel, of which the largest stacks 148 bytes.
  public static let libraryBytes = 160
  /// What the core stacks at an exception with floating-point state, and alignment (Armv7-M Architecture
  /// Reference Manual, B1.5.6).
  public static let exceptionBytes = 112

  /// From the reset handler, with the heaviest exception handler on top.
  public var bytes: Int
  /// The functions of the heaviest path, the outermost first.
  public var path: [String]
  /// Functions that may call themselves, directly or through others.
  public var recursive: [String]
  /// Functions whose frame depends on run-time values.
  public var unbounded: [String]

  /// - Parameters:
  ///   - objects: the object files of the image, each with its stack usage file's content.
  ///   - entry: where the program starts.
  ///   - exceptions: handlers, of which one may interrupt the program at its deepest point.
  public init(objects: [(object: ELFFile, usage: [StackUsage])], entry: String, exceptions: [String]) {
    let graph = ReferenceGraph(objects)
    var search = HeaviestPath(graph: graph)
    let main = search.from(entry)
    let handlers = exceptions.map { search.from($0) }
    let handler = handlers.max { $0.bytes < $1.bytes }
    let interrupted = handler.map { $0.bytes + Self.exceptionBytes } ?? 0
    bytes = main.bytes + interrupted + Self.libraryBytes
    path = main.functions + (handler?.functions ?? [])
    recursive = search.recursive.sorted()
    unbounded = graph.unbounded.sorted()
  }

  /// The bound for the objects of a build; stack usage files lie beside them.
  /// - Throws: `ELFError`
  public init(objectPaths: [String], entry: String = "Reset_Handler", exceptions: [String]) throws(ELFError) {
    var objects: [(object: ELFFile, usage: [StackUsage])] = []
    for path in objectPaths {
      let usage = FileManager.default.contents(atPath: path.dropLast(2) + ".su")
      objects.append(
        (try ELFFile(contentsOf: path), StackUsage.parse(String(decoding: usage ?? Data(), as: UTF8.self))))
    }
    self.init(objects: objects, entry: entry, exceptions: exceptions)
  }
}

/// Sections that refer to sections, over all object files.
private struct ReferenceGraph {
  struct Node {
    var name: String
    var bytes = 0
    var targets: Set<Int> = []
  }

  var nodes: [Node] = []
  var unbounded: Set<String> = []
  /// Sections by global symbol; more than one where a weak definition has a strong one beside it.
  private(set) var functions: [String: [Int]] = [:]

  init(_ objects: [(object: ELFFile, usage: [StackUsage])]) {
    var starts: [Int] = []
    var globals: [String: [Int]] = [:]
    for (object, usage) in objects {
      starts.append(nodes.count)
      addNodes(object, usage, &globals)
    }
    for (index, (object, _)) in objects.enumerated() {
      addReferences(object, starts[index], globals)
    }
    functions = globals
  }

  private mutating func addNodes(_ object: ELFFile, _ usage: [StackUsage], _ globals: inout [String: [Int]]) {
    let start = nodes.count
    let frames = Dictionary(usage.map { ($0.function, $0.bytes) }, uniquingKeysWith: max)
    unbounded.formUnion(usage.filter { !$0.isBounded }.map(\.function))
    nodes += object.sections.map { Node(name: $0.name) }
    for symbol in object.symbols where symbol.section > 0 && symbol.section < object.sections.count {
      let node = start + symbol.section
      if symbol.isFunction {
        nodes[node].name = symbol.name
        nodes[node].bytes += Self.frame(of: symbol.name, frames)
      }
      if symbol.isGlobal { globals[symbol.name, default: []].append(node) }
    }
  }

  /// gcc numbers its clones of a function in the object, `f.constprop.0`, and not in the stack usage file.
  private static func frame(of function: String, _ frames: [String: Int]) -> Int {
    var name = function[...]
    while true {
      if let bytes = frames[String(name)] { return bytes }
      guard let dot = name.lastIndex(of: ".") else { return 0 }
      name = name[..<dot]
    }
  }

  /// Relocations: type 9 is REL, 4 is RELA; `info` is the section they patch.
  private mutating func addReferences(_ object: ELFFile, _ start: Int, _ globals: [String: [Int]]) {
    var patched: [Int: Set<Int>] = [:]
    for section in object.sections where section.type == 9 || section.type == 4 {
      guard object.sections.indices.contains(section.info) else { continue }
      let entry = section.type == 9 ? 8 : 12
      for at in stride(from: section.offset, to: section.offset + section.size, by: entry) {
        guard let offset = object.reader.u32(at), let info = object.reader.u32(at + 4),
          object.symbols.indices.contains(info >> 8)
        else { continue }
        patched[section.info, default: []].insert(offset)
        let symbol = object.symbols[info >> 8]
        let isHere = symbol.section > 0 && symbol.section < object.sections.count
        let isCall = Self.callTypes.contains(info & 0xFF)
        let targets = isHere ? [start + symbol.section] : globals[symbol.name] ?? []
        nodes[start + section.info].targets.formUnion(targets.filter { $0 != start + section.info || isCall })
      }
    }
    for symbol in object.symbols where symbol.isFunction && object.sections.indices.contains(symbol.section) {
      if callsItself(object, symbol, patched: patched[symbol.section] ?? []) {
        nodes[start + symbol.section].targets.insert(start + symbol.section)
      }
    }
  }

  /// `R_ARM_THM_CALL` and `R_ARM_THM_JUMP24`.
  private static let callTypes: Set<Int> = [10, 30]

  /// A static function's call of itself needs no relocation, so it is found in the instructions: a `BL`
  /// (Armv7-M Architecture Reference Manual, A7.7.18) to the function's first byte.
  private func callsItself(_ object: ELFFile, _ symbol: ELFFile.Symbol, patched: Set<Int>) -> Bool {
    let section = object.sections[symbol.section]
    let entry = Int(symbol.value & ~1)
    var offset = entry
    while offset + 4 <= section.size {
      guard let first = object.reader.u16(section.offset + offset),
        let second = object.reader.u16(section.offset + offset + 2)
      else { return false }
      let isWide = first >> 11 >= 0b11101
      if isWide, first >> 11 == 0b11110, second & 0xD000 == 0xD000, !patched.contains(offset),
        offset + 4 + Self.branchOffset(first, second) == entry
      {
        return true
      }
      offset += isWide ? 4 : 2
    }
    return false
  }

  private static func branchOffset(_ first: Int, _ second: Int) -> Int {
    let sign = first >> 10 & 1
    let high = ~((second >> 13 & 1) ^ sign) & 1
    let low = ~((second >> 11 & 1) ^ sign) & 1
    let value = sign << 24 | high << 23 | low << 22 | (first & 0x3FF) << 12 | (second & 0x7FF) << 1
    return sign == 1 ? value - (1 << 25) : value
  }
}

/// Depth-first search for the heaviest path, each node's answer kept.
private struct HeaviestPath {
  struct Answer {
    var bytes = 0
    var functions: [String] = []
  }

  let graph: ReferenceGraph
  private(set) var recursive: Set<String> = []
  private var answers: [Int: Answer] = [:]
  private var open: [Int] = []

  init(graph: ReferenceGraph) { self.graph = graph }

  mutating func from(_ function: String) -> Answer {
    (graph.functions[function] ?? []).map { visit($0) }.max { $0.bytes < $1.bytes } ?? Answer()
  }

  private mutating func visit(_ index: Int) -> Answer {
    if let known = answers[index] { return known }
    if let position = open.firstIndex(of: index) {
      recursive.formUnion(open[position...].map { graph.nodes[$0] }.filter { $0.bytes > 0 }.map(\.name))
      return Answer()
    }
    open.append(index)
    let node = graph.nodes[index]
    let deepest = node.targets.sorted().map { visit($0) }.max { $0.bytes < $1.bytes } ?? Answer()
    open.removeLast()
    let own = node.bytes > 0 ? [node.name] : []
    let answer = Answer(bytes: node.bytes + deepest.bytes, functions: own + deepest.functions)
    answers[index] = answer
    return answer
  }
}
