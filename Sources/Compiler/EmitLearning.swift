import Graph

/// The parts of `model.h` and `model.c` with which an image watches its own learning.
extension ModelEmitter {
  private var evaluation: EvaluationOptions? {
    plan.options.purpose == .training ? plan.options.evaluation : nil
  }

  private var learningGuard: GuardOptions? {
    plan.options.purpose == .training && !plan.state.isEmpty ? plan.options.learningGuard : nil
  }

  private var replay: ReplayOptions? {
    plan.options.purpose == .training && prefix != nil ? plan.options.replay : nil
  }

  /// A step does more than its operators.
  var watchesLearning: Bool { evaluation != nil || learningGuard != nil || replay != nil }
  var guardsLearning: Bool { learningGuard != nil }

  /// The declarations for `model.h`; empty where nothing is watched.
  var learningDeclarations: String {
    [
      evaluation.map(evaluationDeclarations), learningGuard.map { _ in guardDeclarations },
      replay.map(replayDeclarations),
    ]
    .compactMap { $0 }.map { "\n\($0)\n" }.joined()
  }

  private func evaluationDeclarations(_ options: EvaluationOptions) -> String {
    """
    /* Evaluation: which classes the evaluated samples were taken for. Counts stop at 2^32 - 1. */
    #define MODEL_EVALUATES 1
    typedef struct {
      uint32_t correct;
      uint32_t total;
      const uint32_t *confusion; /* [label * MODEL_CLASSES + prediction] */
    } model_evaluation_result;

    /* model_infer(), and counts the answer to a sample of class `label`. The trainable state stays as it is. */
    int32_t model_evaluate(int32_t label);
    /* Counts an answer that the caller has. */
    void model_evaluation_count(int32_t label, int32_t prediction);
    /* Since model_init() or the last reset. */
    model_evaluation_result model_evaluation(void);
    void model_evaluation_reset(void);

    /* The last training steps, at most MODEL_WINDOW_STEPS: predictions are those before each step. */
    #define MODEL_WINDOW_STEPS \(options.window)
    typedef struct {
      uint32_t steps;
      uint32_t correct;
      float loss; /* the mean, rounded down to a multiple of 2^-16 */
    } model_window_result;
    model_window_result model_window(void);
    """
  }

  private var guardDeclarations: String {
    """
    /* The guard: keeps a copy of the last good trainable state, and brings it back when learning makes things worse. */
    #define MODEL_GUARDS 1
    #define MODEL_GUARD_KEPT 1u
    #define MODEL_GUARD_RESTORED 2u
    typedef struct {
      uint32_t restored; /* how often the copy was brought back */
      uint32_t kept;     /* how often a better state became the copy */
      uint32_t last;     /* what the last step ended in: MODEL_GUARD_KEPT, MODEL_GUARD_RESTORED, or 0 for neither */
    } model_guard_result;
    model_guard_result model_guard(void);
    /* The present state is the good one, of which nothing is known yet: for a task that changes. */
    void model_guard_reset(void);
    """
  }

  private func replayDeclarations(_ options: ReplayOptions) -> String {
    """
    /* Latent replay: keeps what samples leave behind the frozen layers, as many of each class as can be, and learns from them
     * again. model_train_step() keeps its sample, and then takes MODEL_REPLAY_RATIO replay steps of its own. */
    #define MODEL_REPLAY_SAMPLES \(options.samples)
    #define MODEL_REPLAY_RATIO \(options.ratio)
    /* Learns from a kept sample of the class that came least lately; does nothing, and says prediction -1, while there is none. */
    model_result model_replay_step(void);
    /* How many samples of a class are kept. */
    uint32_t model_replay_stored(int32_t label);
    /* Copies `count` bytes of the replay memory, from `offset` on: what chooses among the samples, then each slot's
     * MODEL_EDGE_BYTES, zeros where it is free. Bytes beyond MODEL_REPLAY_BYTES are left alone. Write it front to back, a slot
     * that was interrupted from its start, and nothing to model_input() meanwhile. */
    #define MODEL_REPLAY_BYTES \(plan.replayMemoryBytes)
    void model_replay_read(uint32_t offset, void *bytes, uint32_t count);
    void model_replay_write(uint32_t offset, const void *bytes, uint32_t count);
    """
  }

  /// Memory and tables, before the first function.
  var learningMemory: String {
    [evaluation.map(evaluationMemory), learningGuard.map(guardMemory), replay.map(replayMemory)]
      .compactMap { $0 }.joined(separator: "\n\n")
  }

  private func replayMemory(_ options: ReplayOptions) -> String {
    """
    static const tinysdk_replay_args args_replay = {.samples = MODEL_REPLAY_SAMPLES, .classes = MODEL_CLASSES};
    /* Which samples are kept. */
    static struct {
      tinysdk_replay draws;
      tinysdk_replay_class classes[MODEL_CLASSES];
      uint16_t labels[MODEL_REPLAY_SAMPLES];
    } replay;
    \(plan.replayPages.map(keptInFlash) ?? keptInMemory)
    """
  }

  private var keptInMemory: String {
    """
    static uint8_t kept_edges[MODEL_REPLAY_SAMPLES][MODEL_EDGE_BYTES] __attribute__((section(".tinysdk_replay"), aligned(16)));
    """
  }

  private func keptInFlash(_ pages: ReplayPages) -> String {
    let pieces = (prefix?.edge ?? []).map { "{arena + \($0.offset), \($0.bytes)}" }
    return """
      /* Whole pages of flash, which the program writes itself, and the page that is being rewritten. */
      static uint8_t kept_edges[\(pages.bytes)] __attribute__((section(".tinysdk_replay"), aligned(16)));
      static const tinysdk_flash_slots kept_slots = {.start = kept_edges, .page_bytes = \(pages.pageBytes), .slot_bytes = MODEL_EDGE_BYTES};
      static const tinysdk_flash_piece edge_pieces[] = {\(pieces.joined(separator: ", "))};
      static uint32_t flash_page[\(pages.bufferBytes / 4)];
      """
  }

  private func evaluationMemory(_ options: EvaluationOptions) -> String {
    """
    static const tinysdk_confusion_args args_confusion = {.classes = MODEL_CLASSES};
    static const tinysdk_window_args args_window = {.length = \(options.window)};
    /* What has been evaluated, and the last steps. */
    static struct {
      tinysdk_window window;
      uint32_t entries[\(options.window)];
      uint32_t confusion[MODEL_CLASSES * MODEL_CLASSES];
    } evaluation;
    """
  }

  private func guardMemory(_ options: GuardOptions) -> String {
    let measure = options.measure == .loss ? "TINYSDK_GUARD_LOSS" : "TINYSDK_GUARD_WRONG"
    return """
      static const tinysdk_guard_args args_guard = {
          .length = \(options.window), .measure = \(measure), .worse = \(GuardOptions.fixed(options.worse)),
          .better = \(GuardOptions.fixed(options.better)), .state_bytes = sizeof state};
      static struct {
        tinysdk_guard state;
        uint32_t entries[\(options.window)];
      } guard;
      /* The last good state. */
      static uint8_t good_state[sizeof state] __attribute__((section(".tinysdk_copy"), aligned(16)));
      """
  }

  /// Statements of `model_init`.
  var learningStart: String {
    (evaluation == nil ? "" : "\n  memset(&evaluation, 0, sizeof evaluation);")
      + (learningGuard == nil ? "" : "\n  memset(&guard, 0, sizeof guard);")
      + (replay == nil ? "" : "\n  memset(&replay, 0, sizeof replay);")
  }

  /// One step on a sample that has reached the edge, for those who watch it.
  var watchedLearning: String {
    let begin =
      learningGuard == nil
      ? "" : "  tinysdk_guard_begin(&args_guard, &guard.state, (const uint8_t *)&state, good_state);\n"
    let kept = replay == nil ? "" : "  keep_edge(label);\n"
    var lines =
      evaluation == nil && learningGuard == nil ? [] : ["  const int32_t wrong = result.prediction != label;"]
    if let replay, replay.ratio > 0 {
      lines.insert("  for (uint32_t i = 0; i < MODEL_REPLAY_RATIO; ++i)\n    model_replay_step();", at: 0)
    }
    if evaluation != nil {
      lines.append(
        "  tinysdk_window_push(&args_window, &result.loss, &wrong, &evaluation.window, evaluation.entries);")
    }
    if learningGuard != nil {
      lines.append(
        "  tinysdk_guard_end(&args_guard, &result.loss, &wrong, &guard.state, guard.entries, (uint8_t *)&state,\n"
          + "                    good_state);")
    }
    return (replay == nil ? "" : replayFunctions + "\n\n") + """
      static model_result learn(int32_t label) {
      \(begin)\(kept)  const model_result result = learn_behind_edge();
      \((lines + ["  return result;"]).joined(separator: "\n"))
      }
      """
  }

  /// The replay memory, byte by byte.
  private var replayAccess: String {
    """
    static uint8_t replay_byte(uint32_t offset) {
      if (offset < sizeof replay)
        return ((const uint8_t *)&replay)[offset];
      const uint32_t slot = (offset - sizeof replay) / MODEL_EDGE_BYTES;
      return slot < replay.draws.filled ? \(keptSlot("slot"))[(offset - sizeof replay) % MODEL_EDGE_BYTES] : 0;
    }

    static void set_replay_byte(uint32_t offset, uint8_t byte) {
      if (offset < sizeof replay) {
        ((uint8_t *)&replay)[offset] = byte;
        return;
      }
      const uint32_t slot = (offset - sizeof replay) / MODEL_EDGE_BYTES;
      const uint32_t inside = (offset - sizeof replay) % MODEL_EDGE_BYTES;
    \(plan.replayPages == nil ? "  kept_edges[slot][inside] = byte;" : setByteInFlash)
    }

    void model_replay_read(uint32_t offset, void *bytes, uint32_t count) {
      for (uint32_t i = 0; i < count && offset < MODEL_REPLAY_BYTES; ++i)
        ((uint8_t *)bytes)[i] = replay_byte(offset++);
    }

    void model_replay_write(uint32_t offset, const void *bytes, uint32_t count) {
      for (uint32_t i = 0; i < count && offset < MODEL_REPLAY_BYTES; ++i)
        set_replay_byte(offset++, ((const uint8_t *)bytes)[i]);
    }
    """
  }

  /// A slot is put together where samples reach the edge, and then stored as one.
  private var setByteInFlash: String {
    var start = 0
    let pieces = (prefix?.edge ?? []).map { item in
      defer { start += item.bytes }
      return
        "  if (inside - \(start) < \(item.bytes))\n    arena[\(item.offset) + (inside - \(start))] = byte;"
    }
    return """
      \(pieces.joined(separator: "\n"))
        if (inside == MODEL_EDGE_BYTES - 1 && slot < replay.draws.filled)
          tinysdk_flash_store(&kept_slots, slot, slot + 1, edge_pieces, sizeof edge_pieces / sizeof edge_pieces[0], flash_page);
      """
  }

  private func keptSlot(_ slot: String) -> String {
    plan.replayPages == nil ? "kept_edges[\(slot)]" : "tinysdk_flash_slot(&kept_slots, \(slot))"
  }

  private var replayFunctions: String {
    let keep =
      plan.replayPages == nil
      ? "    take_edge(kept_edges[replay.draws.slot]);"
      : """
          tinysdk_flash_store(&kept_slots, replay.draws.slot, replay.draws.filled, edge_pieces,
                              sizeof edge_pieces / sizeof edge_pieces[0], flash_page);
      """
    return """
      static void keep_edge(int32_t label) {
        tinysdk_replay_place(&args_replay, &label, &replay.draws, replay.classes, replay.labels);
        if (replay.draws.slot < MODEL_REPLAY_SAMPLES)
      \(keep)
      }

      model_result model_replay_step(void) {
        tinysdk_replay_draw(&args_replay, &replay.draws, replay.classes, replay.labels);
        if (replay.draws.slot >= MODEL_REPLAY_SAMPLES)
          return (model_result){.loss = 0.0f, .prediction = -1};
        set_label(replay.labels[replay.draws.slot]);
        put_edge(\(keptSlot("replay.draws.slot")));
        return learn_behind_edge();
      }

      uint32_t model_replay_stored(int32_t label) {
        return label >= 0 && label < MODEL_CLASSES ? replay.classes[label].stored : 0;
      }

      \(replayAccess)
      """
  }

  /// The functions that an application calls.
  var learningFunctions: String {
    [evaluation.map { _ in evaluationFunctions }, learningGuard.map { _ in guardFunctions }]
      .compactMap { $0 }.joined(separator: "\n\n")
  }

  private var evaluationFunctions: String {
    """
    void model_evaluation_count(int32_t label, int32_t prediction) {
      tinysdk_count_confusion(&args_confusion, &label, &prediction, evaluation.confusion);
    }

    int32_t model_evaluate(int32_t label) {
      const int32_t prediction = model_infer();
      model_evaluation_count(label, prediction);
      return prediction;
    }

    model_evaluation_result model_evaluation(void) {
      model_evaluation_result result = {0, 0, evaluation.confusion};
      for (uint32_t i = 0; i < MODEL_CLASSES * MODEL_CLASSES; ++i) {
        result.total += evaluation.confusion[i];
        result.correct += i % (MODEL_CLASSES + 1) == 0 ? evaluation.confusion[i] : 0;
      }
      return result;
    }

    void model_evaluation_reset(void) {
      memset(evaluation.confusion, 0, sizeof evaluation.confusion);
    }

    model_window_result model_window(void) {
      const tinysdk_window *window = &evaluation.window;
      model_window_result result = {window->steps, window->steps - window->wrong, 0.0f};
      if (window->steps > 0)
        result.loss = (float)(uint32_t)(window->loss / window->steps) * (1.0f / 65536.0f);
      return result;
    }
    """
  }

  private var guardFunctions: String {
    """
    model_guard_result model_guard(void) {
      return (model_guard_result){
          .restored = guard.state.restored, .kept = guard.state.kept, .last = guard.state.last};
    }

    void model_guard_reset(void) {
      guard.state.window = (tinysdk_window){0};
      guard.state.has_good = 0;
      guard.state.has_copy = 0;
    }
    """
  }
}
