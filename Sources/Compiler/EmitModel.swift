import Graph
import Operators

extension ModelEmitter {
  /// `model.c` up to its build hash.
  func modelSource() -> String {
    let trains = plan.options.purpose == .training
    return [
      preamble, stateDeclaration, controlDeclaration, learningMemory, argumentStructs(), lifecycle,
      interface(trains: trains), trains ? edgeCopies : "", trains ? trainStep() : "",
      trains ? edgeAccess : "", learningFunctions,
      stateAccess,
    ].filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n"
  }

  private var preamble: String {
    """
    /* The training step of \(plan.graph.name), update scheme \(schemeName): made by tinysdk, do not edit.
     *
     * Straight-line code over one static arena of \(plan.arena.bytes.formatted) bytes (largest at '\(peakName)') and \(plan.stateBytes.formatted) bytes of trainable state.
     */
    #include "model.h"

    #include <string.h>

    #include "model_data.h"
    #include "tinysdk_kernels.h"\(watchesLearning ? "\n#include \"tinysdk_learning.h\"" : "")\(plan.replayPages == nil ? "" : "\n#include \"tinysdk_flash.h\"")\(plan.options.profile ? "\n\nvoid tinysdk_profile_mark(uint32_t operator_index);" : "")

    \(kernelDeclarations)static uint8_t arena[\(max(plan.arena.bytes, 8))] __attribute__((section(".tinysdk_arena"), aligned(16)));
    """
  }

  /// The kernels that the contract's header does not declare: other backends' twins of its own.
  private var kernelDeclarations: String {
    let twins = Set(
      plan.steps.filter { $0.call.symbol != $0.contract }.map { [$0.contract, $0.call.symbol] })
    let lines = twins.map { "extern __typeof__(\($0[0])) \($0[1]);\n" }.sorted()
    return lines.isEmpty ? "" : lines.joined() + "\n"
  }

  private var schemeName: String {
    switch plan.options.update {
    case .named(let name): "'\(name)'"
    case .scheme(let scheme): "'\(scheme.name)'"
    }
  }

  private var peakName: String {
    plan.steps.indices.contains(plan.arena.peakStep) ? plan.steps[plan.arena.peakStep].node.name : "input"
  }

  private var stateDeclaration: String {
    guard !plan.state.isEmpty else { return "" }
    let fields = zip(plan.state, stateFields).map { state, field in
      "  \(cType(state.element)) \(field)[\(state.shape.reduce(1, *))] __attribute__((aligned(4)));"
    }
    return """
      /* Everything that learns. */
      static struct {
      \(fields.joined(separator: "\n"))
      } state __attribute__((section(".tinysdk_state"), aligned(16)));
      """
  }

  private var controlDeclaration: String {
    let fields = plan.graph.tensors(role: .control).map {
      "  \(cType($0.element)) \($0.name)[\($0.count)];"
    }
    guard !fields.isEmpty else { return "" }
    return """
      /* What the caller says, and what the step answers. */
      static struct {
      \(fields.joined(separator: "\n"))
      } control;
      """
  }

  private func argumentStructs() -> String {
    plan.steps.indices.map { position in
      let call = plan.steps[position].call
      let fields = call.arguments.map { argument in
        switch argument.value {
        case .int32(let value): ".\(argument.name) = \(literal(value))"
        case .float32(let value): ".\(argument.name) = \(literal(value))"
        }
      }
      return "static const \(call.argumentType) args_\(position) = {\n\(wrappedFields(fields))};"
    }.joined(separator: "\n")
  }

  private func wrappedFields(_ fields: [String]) -> String {
    var lines: [String] = [""]
    for field in fields {
      if lines[lines.count - 1].utf8.count + field.utf8.count > 104 { lines.append("") }
      lines[lines.count - 1] += (lines[lines.count - 1].isEmpty ? "    " : " ") + field + ","
    }
    return lines.joined(separator: "\n")
  }

  private var lifecycle: String {
    let lines = zip(zip(plan.state, stateFields), initialValues).map { pair, initial in
      let (_, field) = pair
      return initial.map { "  memcpy(state.\(field), \($0), sizeof state.\(field));" }
        ?? "  memset(state.\(field), 0, sizeof state.\(field));"
    }
    let control = plan.graph.tensors(role: .control).isEmpty ? "" : "  memset(&control, 0, sizeof control);\n"
    return "void model_init(void) {\n\(control)\(lines.joined(separator: "\n"))\(learningStart)\n}"
  }

  private func interface(trains: Bool) -> String {
    let hasPrediction = plan.graph.contains(ControlTensor.prediction)
    let rate =
      trains
      ? "\n\nvoid model_set_learning_rate(float rate) {\n  control.\(ControlTensor.learningRate)[0] = rate;\n}"
      : ""
    return """
      \(cType(input.element)) *model_input(void) {
        return \(expressions[input.name] ?? "NULL");
      }

      const float *model_output(void) {
        return \(expressions[output.name] ?? "NULL");
      }\(rate)

      \(frozenFunction)static int32_t infer_behind_edge(void) {
      \(calls(plan.inferenceSteps.filter { $0 >= frozenSteps }, inference: true))
        return \(hasPrediction ? "control.\(ControlTensor.prediction)[0]" : "0");
      }

      int32_t model_infer(void) {
      \(frozenCall)  return infer_behind_edge();
      }
      """
  }

  private var frozenSteps: Int { prefix?.steps ?? 0 }

  private var frozenCall: String { prefix == nil ? "" : "  run_frozen();\n" }

  /// The operators before the edge, which inference and training share.
  private var frozenFunction: String {
    guard let prefix else { return "" }
    return """
      /* Up to here nothing learns. */
      static void run_frozen(void) {
      \((0..<prefix.steps).map { call($0, inference: true) }.joined(separator: "\n"))
      }


      """
  }

  private func calls(_ positions: [Int], inference: Bool) -> String {
    positions.map { call($0, inference: inference) }.joined(separator: "\n") + endMark
  }

  private func trainStep() -> String {
    """
    static model_result learn_behind_edge(void) {
    \(trainingCalls(from: frozenSteps) + endMark)
      return (model_result){.loss = control.\(ControlTensor.loss)[0], .prediction = control.\(ControlTensor.prediction)[0]};
    }

    static void set_label(int32_t label) {
    \(plan.options.loss == .meanSquaredError ? oneHotTarget : "  control.\(ControlTensor.label)[0] = label;")
    }

    \(learnFunction)model_result model_train_step(int32_t label) {
      set_label(label);
    \(frozenCall)  return \(learnCall);
    }\(plan.options.loss == .meanSquaredError ? "\n\n\(trainStepToward)" : "")
    """
  }

  private var oneHotTarget: String {
    """
      for (int32_t i = 0; i < MODEL_CLASSES; ++i)
        control.\(ControlTensor.target)[i] = i == label ? 1.0f : 0.0f;
    """
  }

  private var trainStepToward: String {
    """
    model_result model_train_step_toward(const float *target) {
      memcpy(control.\(ControlTensor.target), target, sizeof control.\(ControlTensor.target));
    \(watchesLearning ? largestTarget : "")\(frozenCall)  return \(learnCall);
    }
    """
  }

  /// The label of a target is its largest value's.
  private var largestTarget: String {
    """
      int32_t label = 0;
      for (int32_t i = 1; i < MODEL_CLASSES; ++i)
        label = target[i] > target[label] ? i : label;

    """
  }

  private var learnFunction: String { watchesLearning ? "\(watchedLearning)\n\n" : "" }

  private var learnCall: String { watchesLearning ? "learn(label)" : "learn_behind_edge()" }

  /// Out of and into the arena, at the edge.
  private var edgeCopies: String {
    guard let prefix else { return "" }
    var offset = 0
    var segments: [(edge: Int, arena: Int, bytes: Int)] = []
    for item in prefix.edge {
      segments.append((offset, item.offset, item.bytes))
      offset += item.bytes
    }
    let take = segments.map { "  memcpy(edge + \($0.edge), arena + \($0.arena), \($0.bytes));" }
    let put = segments.map { "  memcpy(arena + \($0.arena), edge + \($0.edge), \($0.bytes));" }
    return """
      static void take_edge(uint8_t *edge) {
      \(take.joined(separator: "\n"))
      }

      static void put_edge(const uint8_t *edge) {
      \(put.joined(separator: "\n"))
      }
      """
  }

  /// Training and inference from what a sample left at the edge.
  private var edgeAccess: String {
    guard prefix != nil else { return "" }
    return """
      void model_edge(uint8_t *edge) {
      \(frozenCall)  take_edge(edge);
      }

      int32_t model_infer_from(const uint8_t *edge) {
        put_edge(edge);
        return infer_behind_edge();
      }

      model_result model_train_step_from(const uint8_t *edge, int32_t label) {
        set_label(label);
        put_edge(edge);
        return \(learnCall);
      }
      """
  }

  private var endMark: String { plan.options.profile ? "\n  tinysdk_profile_mark(UINT32_MAX);" : "" }

  /// One call with its comment: position, layer, shapes and arena offsets.
  func call(_ position: Int, inference: Bool) -> String {
    let step = plan.steps[position]
    let omitted = inference ? Set(step.node.outputs.dropFirst()) : []
    let operands = step.call.operands.map { operand in
      switch operand {
      case .tensor(let name): omitted.contains(name) ? "NULL" : expressions[name] ?? "NULL"
      case .table(let table): tableIdentifiers[table] ?? "NULL"
      case .scratch: plan.arena.offsets[scratchName(step)].map { "arena + \($0)" } ?? "NULL"
      case .null: "NULL"
      }
    }
    let mark = plan.options.profile ? "  tinysdk_profile_mark(\(position));\n" : ""
    return "\(mark)  /* \(comment(position)) */\n"
      + "  \(step.call.symbol)(&args_\(position), \(operands.joined(separator: ", ")));"
  }

  private func comment(_ position: Int) -> String {
    let node = plan.steps[position].node
    let describe: (String) -> String? = { name in
      guard let tensor = try? plan.graph.tensor(name), tensor.role != .constant else { return nil }
      let place = plan.arena.offsets[name].map { "@\($0)" } ?? tensor.role.rawValue
      return "\(tensor.shape.map(String.init).joined(separator: "x")) \(place)"
    }
    let inputs = node.inputs.compactMap(describe).joined(separator: ", ")
    let outputs = node.outputs.compactMap(describe).joined(separator: ", ")
    return "\(position) \(node.layer) \(node.op): \(inputs)\(outputs.isEmpty ? "" : " -> \(outputs)")"
      .replacing("*/", with: "* /")
  }

  private var stateAccess: String {
    let rows = zip(plan.state, stateFields).map { state, field in
      "    {\(state.offset), \(state.bytes), state.\(field)},"
    }
    let table =
      plan.state.isEmpty
      ? ""
      : """
      static const struct {
        uint32_t offset;
        uint32_t bytes;
        void *memory;
      } state_tensors[] = {
      \(rows.joined(separator: "\n"))
      };


      """
    return table
      + stateFunction(
        "model_state_read(uint32_t offset, void *bytes, uint32_t count)",
        copy: "memcpy((uint8_t *)bytes + (from - offset), memory + (from - start), to - from);")
      + "\n\n"
      + stateFunction(
        "model_state_write(uint32_t offset, const void *bytes, uint32_t count)",
        copy: "memcpy(memory + (from - start), (const uint8_t *)bytes + (from - offset), to - from);",
        first: guardsLearning ? "  model_guard_reset();\n" : "")
  }

  private func stateFunction(_ prototype: String, copy: String, first: String = "") -> String {
    guard !plan.state.isEmpty else {
      return "void \(prototype) {\n  (void)offset;\n  (void)bytes;\n  (void)count;\n}"
    }
    return """
      void \(prototype) {
      \(first)  if (offset > MODEL_STATE_BYTES)
          return;
        const uint32_t end = count < MODEL_STATE_BYTES - offset ? offset + count : MODEL_STATE_BYTES;
        for (uint32_t i = 0; i < sizeof state_tensors / sizeof state_tensors[0]; ++i) {
          const uint32_t start = state_tensors[i].offset;
          const uint32_t stop = start + state_tensors[i].bytes;
          const uint32_t from = start > offset ? start : offset;
          const uint32_t to = stop < end ? stop : end;
          uint8_t *memory = state_tensors[i].memory;
          if (from < to)
            \(copy)
        }
      }
      """
  }
}
