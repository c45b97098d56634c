import Compiler
import Graph
import KernelBridge
import Operators

/// Runs a plan on the host, kernel call by kernel call through the FFI bridge: the generated C's twin for
/// tests and studies, in which every tensor can be looked at.
public final class PlanInterpreter {
  /// Where tensors lie while the plan runs.
  public enum Layout: Sendable {
    /// At the planned arena addresses: what a device does.
    case arena
    /// Each in memory of its own: no address is shared, whatever the plan says.
    case separate
  }

  public let plan: Plan
  private var memory: [String: UnsafeMutableRawBufferPointer] = [:]
  private var allocations: [UnsafeMutableRawBufferPointer] = []
  private var calls: [(kernel: Kernel, arguments: [UInt8], pointers: [UnsafeMutableRawPointer?])] = []

  /// - Throws: `KernelBridgeError` where a kernel is missing; `GraphError` for a plan that is not whole.
  public init(_ plan: Plan, kernels: KernelLibrary, layout: Layout = .arena) throws {
    self.plan = plan
    let arena = allocate(plan.arena.bytes)
    for tensor in plan.graph.tensors {
      if layout == .arena, let offset = plan.arena.offsets[tensor.name] {
        memory[tensor.name] = UnsafeMutableRawBufferPointer(
          rebasing: arena[offset..<(offset + tensor.byteCount)])
      } else {
        memory[tensor.name] = allocate(tensor.byteCount)
      }
      let data = plan.packedWeights[tensor.name] ?? tensor.data
      if let data {
        if data.count > tensor.byteCount { memory[tensor.name] = allocate(data.count) }
        memory[tensor.name]?.copyBytes(from: data)
      }
    }
    calls = try plan.steps.map { step in
      let pointers = try step.call.operands.map { try pointer(to: $0, step, arena, kernels, layout) }
      return (try kernels.kernel(step.call.symbol), step.call.argumentBytes, pointers)
    }
  }

  deinit {
    for allocation in allocations { allocation.deallocate() }
  }

  private func allocate(_ bytes: Int) -> UnsafeMutableRawBufferPointer {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: max(bytes, 1), alignment: 16)
    buffer.initializeMemory(as: UInt8.self, repeating: 0)
    allocations.append(buffer)
    return UnsafeMutableRawBufferPointer(rebasing: buffer[0..<bytes])
  }

  private func pointer(
    to operand: Operand, _ step: Step, _ arena: UnsafeMutableRawBufferPointer, _ kernels: KernelLibrary,
    _ layout: Layout
  ) throws -> UnsafeMutableRawPointer? {
    switch operand {
    case .null: return nil
    case .tensor(let name):
      guard let buffer = memory[name] else { throw GraphError.unknownTensor(name) }
      return buffer.baseAddress
    case .table(let table):
      let buffer = allocate(table.bytes.count)
      buffer.copyBytes(from: table.bytes)
      return buffer.baseAddress
    case .scratch:
      if layout == .arena, let offset = plan.arena.offsets["\(step.node.name):scratch"] {
        return arena.baseAddress.map { $0 + offset }
      }
      return allocate(step.scratchBytes).baseAddress
    }
  }

  /// Writes the whole content of a tensor, little-endian.
  /// - Throws: `GraphError` for an unknown tensor or the wrong number of bytes.
  public func write(_ name: String, _ bytes: [UInt8]) throws {
    guard let buffer = memory[name] else { throw GraphError.unknownTensor(name) }
    guard buffer.count == bytes.count else {
      throw GraphError.wrongDataSize(tensor: name, bytes: bytes.count, expected: buffer.count)
    }
    buffer.copyBytes(from: bytes)
  }

  /// The content of a tensor, little-endian; of an arena tensor only as long as it is alive.
  public func read(_ name: String) throws -> [UInt8] {
    guard let buffer = memory[name] else { throw GraphError.unknownTensor(name) }
    return Array(buffer)
  }

  /// Runs the whole program once.
  /// - Parameter observe: called behind every step, when its outputs are certainly alive.
  public func run(observe: (Step) throws -> Void = { _ in }) throws {
    for (step, call) in zip(plan.steps, calls) {
      try call.kernel(arguments: call.arguments, pointers: call.pointers)
      try observe(step)
    }
  }

  /// Runs some steps of the program, in the order given.
  public func run(_ positions: some Sequence<Int>) throws {
    for position in positions {
      let call = calls[position]
      try call.kernel(arguments: call.arguments, pointers: call.pointers)
    }
  }

  /// The memory of a tensor, for reading and writing without a copy.
  func bytes(of name: String) throws -> UnsafeMutableRawBufferPointer {
    guard let buffer = memory[name] else { throw GraphError.unknownTensor(name) }
    return buffer
  }

  /// The trainable state in canonical layout.
  public func state() throws -> [UInt8] { try plan.state.flatMap { try read($0.name) } }
}
