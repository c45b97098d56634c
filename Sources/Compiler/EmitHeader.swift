import Graph

extension ModelEmitter {
  /// `model.h`: the whole interface between an application and the generated program.
  func header() -> String {
    let shape = input.shape.dropFirst().map(String.init).joined(separator: " x ")
    let trains = plan.options.purpose == .training
    return """
      /* \(plan.graph.name): made by tinysdk, do not edit.
       *
       * Fill model_input(), call model_infer() or model_train_step(), read the answer. Nothing allocates, nothing blocks; the functions are not
       * reentrant, since all of them work in one static arena of \(plan.arena.bytes.formatted) bytes.
       */
      #ifndef MODEL_H
      #define MODEL_H

      #include <stdint.h>

      #ifdef __cplusplus
      extern "C" {
      #endif

      /* One sample: \(input.element.rawValue), channel by channel (\(shape))\(inputScale). */
      #define MODEL_INPUT_BYTES \(inputBytes)
      #define MODEL_CLASSES \(outputCount)
      /* The trainable state in canonical layout: tensors in graph order, densely packed, little-endian. */
      #define MODEL_STATE_BYTES \(plan.stateBytes)
      /* Operators of the whole step: the positions that a profile counts. */
      #define MODEL_OPERATORS \(plan.steps.count)
      /* What the layers before the first one that learns make of a sample; 0 where the first layer learns. */
      #define MODEL_EDGE_BYTES \(trains ? prefix?.edgeBytes ?? 0 : 0)

      typedef struct {
        float loss;
        int32_t prediction;
      } model_result;

      /* Brings the trainable state to its initial values from flash. Call it before anything else. */
      void model_init(void);

      /* The buffer that takes a sample.\(plan.options.keepInput ? " It keeps its content." : " Its content is consumed: infer and train step overwrite it.") */
      \(cType(input.element)) *model_input(void);

      /* Runs the network on the sample in model_input(); returns the class. */
      int32_t model_infer(void);

      /* The \(outputCount) outputs of the last call. Overwritten by the next. */
      const float *model_output(void);
      \(trains ? trainingDeclarations : "")\(learningDeclarations)
      /* Copies `count` bytes of the trainable state, from `offset` on, out of and into the model. Bytes beyond MODEL_STATE_BYTES are left alone. */
      void model_state_read(uint32_t offset, void *bytes, uint32_t count);
      void model_state_write(uint32_t offset, const void *bytes, uint32_t count);

      /* Names this very program; a host checks it before it sends samples or a state. */
      extern const uint8_t model_build_hash[16];

      #ifdef __cplusplus
      }
      #endif

      #endif

      """
  }

  /// What an int8 stands for; a float32 stands for itself.
  private var inputScale: String {
    guard input.element != .float32 else { return "" }
    let (scale, zero) = (input.quantization?.scale.description ?? "1", input.quantization?.zeroPoint ?? 0)
    return "; real value = \(scale) * (byte - (\(zero)))"
  }

  private var accumulationNote: String {
    let samples = plan.options.optimizer.accumulate
    return samples > 1 ? " What is learned changes in every \(samples)th call, by the mean gradient." : ""
  }

  private var scheduleNote: String {
    plan.options.optimizer.changesRate ? " The schedule scales it, by the steps counted in the state." : ""
  }

  private var trainingDeclarations: String {
    let toward =
      plan.options.loss == .softmaxCrossEntropy
      ? ""
      : """

      /* The same towards MODEL_CLASSES target values, instead of 1 for the label and 0 elsewhere. */
      model_result model_train_step_toward(const float *target);
      """
    return """

      /* Learns from the sample in model_input(): one step of stochastic gradient descent. `label` is 0 to MODEL_CLASSES - 1.\(accumulationNote) */
      model_result model_train_step(int32_t label);\(toward)

      /* The step size of the steps to come; 0 before the first call.\(scheduleNote) */
      void model_set_learning_rate(float rate);
      \(prefix == nil ? "" : edgeDeclarations)
      """
  }

  private var edgeDeclarations: String {
    """

    /* Runs the layers before the first one that learns on the sample in model_input(), and copies what the rest needs of it: MODEL_EDGE_BYTES bytes, the same
     * whatever has been learned. */
    void model_edge(uint8_t *edge);

    /* model_infer() and model_train_step(), from there on. */
    int32_t model_infer_from(const uint8_t *edge);
    model_result model_train_step_from(const uint8_t *edge, int32_t label);

    """
  }
}
