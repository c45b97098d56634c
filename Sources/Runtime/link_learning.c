/* What the host asks of evaluation, window and guard. An image without them answers with zeros. */
#include "link_learning.h"
#include "tinysdk.h"
#include "tinysdk_protocol.h"

static bool in_state(uint32_t offset, uint32_t count) {
  return offset <= MODEL_STATE_BYTES && count <= MODEL_STATE_BYTES - offset;
}

bool tinysdk_learned_contains(uint32_t offset, uint32_t count) {
  /* Wraps to beyond the replay memory where `offset` lies in the state. */
  const uint32_t behind = offset - MODEL_STATE_BYTES;
  return in_state(offset, count) ||
         (behind <= TINYSDK_REPLAY_BYTES && count <= TINYSDK_REPLAY_BYTES - behind);
}

#ifdef MODEL_REPLAY_BYTES

void tinysdk_learned_read(uint32_t offset, void *bytes, uint32_t count) {
  if (in_state(offset, count))
    model_state_read(offset, bytes, count);
  else
    model_replay_read(offset - MODEL_STATE_BYTES, bytes, count);
}

void tinysdk_learned_write(uint32_t offset, const void *bytes, uint32_t count) {
  if (in_state(offset, count))
    model_state_write(offset, bytes, count);
  else
    model_replay_write(offset - MODEL_STATE_BYTES, bytes, count);
}

#else

void tinysdk_learned_read(uint32_t offset, void *bytes, uint32_t count) {
  model_state_read(offset, bytes, count);
}

void tinysdk_learned_write(uint32_t offset, const void *bytes, uint32_t count) {
  model_state_write(offset, bytes, count);
}

#endif

#ifdef MODEL_EVALUATES

void tinysdk_learning_count(int32_t label, int32_t prediction) {
  model_evaluation_count(label, prediction);
}

void tinysdk_learning_forget(void) {
  model_evaluation_reset();
}

void tinysdk_learning_send_evaluation(uint32_t sequence) {
  const model_evaluation_result evaluation = model_evaluation();
  const uint32_t sums[2] = {evaluation.correct, evaluation.total};
  const uint32_t cells = MODEL_CLASSES * MODEL_CLASSES * (uint32_t)sizeof(uint32_t);
  tinysdk_frame_send_begin(TINYSDK_FRAME_EVALUATION, sequence, sizeof sums + cells);
  tinysdk_frame_send_bytes(sums, sizeof sums);
  tinysdk_frame_send_bytes(evaluation.confusion, cells);
  tinysdk_frame_send_end();
}

static void fill_window(tinysdk_learning_report *report) {
  const model_window_result window = model_window();
  report->steps = window.steps;
  report->correct = window.correct;
  report->loss = window.loss;
}

#else

void tinysdk_learning_count(int32_t label, int32_t prediction) {
  (void)label;
  (void)prediction;
}

void tinysdk_learning_forget(void) {
}

void tinysdk_learning_send_evaluation(uint32_t sequence) {
  const uint32_t sums[2] = {0, 0};
  tinysdk_frame_send(TINYSDK_FRAME_EVALUATION, sequence, sums, sizeof sums);
}

static void fill_window(tinysdk_learning_report *report) {
  (void)report;
}

#endif

#ifdef MODEL_GUARDS

static void fill_guard(tinysdk_learning_report *report) {
  const model_guard_result guard = model_guard();
  report->restored = guard.restored;
  report->kept = guard.kept;
}

#else

static void fill_guard(tinysdk_learning_report *report) {
  (void)report;
}

#endif

tinysdk_learning_report tinysdk_learning_status(void) {
  tinysdk_learning_report report = {0};
  fill_window(&report);
  fill_guard(&report);
  return report;
}
