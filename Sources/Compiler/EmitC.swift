import Graph
import Operators

/// A generated source file.
public struct SourceFile: Sendable, Equatable {
  public var name: String
  public var text: String
}

/// The generated sources of a plan: `model.h` (what an application calls), `model.c` (the step, call by
/// call) and `model_data.c`/`.h` (weights and tables).
/// - Throws: `EmitError` for a plan that is no batch-1 program with a float32 output.
public func emitC(_ plan: Plan) throws -> [SourceFile] {
  let emitter = try ModelEmitter(plan)
  let (dataHeader, data) = emitter.dataFiles()
  let model = emitter.modelSource()
  let hash = buildHash(of: [dataHeader, data, model])
  return [
    SourceFile(name: "model.h", text: emitter.header()),
    SourceFile(name: "model_data.h", text: dataHeader),
    SourceFile(name: "model_data.c", text: data),
    SourceFile(name: "model.c", text: model + buildHashSource(hash)),
  ]
}

/// The 16 bytes by which the program of a plan names itself: `model_build_hash` of its generated sources.
/// - Throws: `EmitError`, as `emitC`.
public func buildHash(of plan: Plan) throws -> [UInt8] {
  let emitter = try ModelEmitter(plan)
  let (dataHeader, data) = emitter.dataFiles()
  return buildHash(of: [dataHeader, data, emitter.modelSource()])
}

/// A plan that no device program can be made of.
public struct EmitError: Error, Equatable, CustomStringConvertible {
  public var description: String
}

private func buildHashSource(_ hash: [UInt8]) -> String {
  "\nconst uint8_t model_build_hash[16] = {\n\(initializer(of: hash, .bit))\n};\n"
}

/// Everything that the generated files are made of: the plan, and the C name of each of its parts.
struct ModelEmitter {
  let plan: Plan
  let input: Tensor
  let output: Tensor
  /// The C expression through which a tensor is reached, by tensor name.
  let expressions: [String: String]
  /// Field names of the state, in state order.
  let stateFields: [String]
  /// Names of constant tensors in flash, in order of definition.
  let constants: [(tensor: Tensor, identifier: String)]
  /// Initial values of the state; `nil` starts at zero.
  let initialValues: [String?]
  let tables: [(table: ConstantTable, identifier: String)]
  /// Which table each step's operand refers to, by content.
  let tableIdentifiers: [ConstantTable: String]
  /// Where inference and training may be entered behind the sample; `nil` where the first layer learns.
  let prefix: FrozenPrefix?

  init(_ plan: Plan) throws {
    self.plan = plan
    guard let input = plan.graph.tensors(role: .input).first, plan.graph.tensors(role: .input).count == 1
    else {
      throw EmitError(description: "the model has \(plan.graph.tensors(role: .input).count) inputs, not one")
    }
    guard let name = plan.graph.outputs.first, let output = try? plan.graph.tensor(name),
      output.element == .float32, input.shape.first == 1
    else { throw EmitError(description: "a device program needs batch 1 and a float32 output") }
    (self.input, self.output) = (input, output)
    prefix = plan.frozenPrefix
    var names = CNames(reserved: [
      "state", "arena", "control", "evaluation", "guard", "good_state", "replay", "kept_edges",
      "kept_slots", "edge_pieces", "flash_page",
    ])
    stateFields = plan.state.map { names.identifier($0.name) }
    constants = plan.graph.tensors(role: .constant).map { ($0, names.identifier("const \($0.name)")) }
    initialValues = plan.state.map { state in
      (try? plan.graph.tensor(state.name))?.data == nil ? nil : names.identifier("initial \(state.name)")
    }
    var tables: [(ConstantTable, String)] = []
    var identifiers: [ConstantTable: String] = [:]
    for table in plan.steps.flatMap(\.call.operands).compactMap(\.table) where identifiers[table] == nil {
      let identifier = names.identifier("\(table.name) table \(tables.count)")
      identifiers[table] = identifier
      tables.append((table, identifier))
    }
    (self.tables, tableIdentifiers) = (tables, identifiers)
    expressions = tensorExpressions(plan, stateFields: stateFields, constants: constants)
  }

  /// Bytes of each channel-by-channel sample.
  var inputBytes: Int { input.byteCount }
  var outputCount: Int { output.count }
}

private func tensorExpressions(
  _ plan: Plan, stateFields: [String], constants: [(tensor: Tensor, identifier: String)]
) -> [String: String] {
  var expressions: [String: String] = [:]
  for (name, offset) in plan.arena.offsets {
    guard let tensor = try? plan.graph.tensor(name) else { continue }
    expressions[name] = "(\(cType(tensor.element)) *)(arena + \(offset))"
  }
  for (state, field) in zip(plan.state, stateFields) { expressions[state.name] = "state.\(field)" }
  for (tensor, identifier) in constants { expressions[tensor.name] = identifier }
  for tensor in plan.graph.tensors(role: .control) { expressions[tensor.name] = "control.\(tensor.name)" }
  return expressions
}
