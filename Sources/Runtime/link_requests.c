/* Answers to everything the host asks beside samples. */
#include <stddef.h>
#include <string.h>

#include "frame.h"
#include "link.h"
#include "link_learning.h"
#include "tinysdk.h"
#include "tinysdk_platform.h"
#include "tinysdk_protocol.h"

/* As on the wire, up to what each side adds. */
typedef struct {
  uint32_t version;
  uint8_t build_hash[16];
  uint32_t input_bytes;
  uint32_t classes;
  uint32_t state_bytes;
} identity;

_Static_assert(sizeof(identity) == 32, "the identity is 32 bytes on the wire");

/* Multiples of four, so that a piece never ends inside an element of the state. */
#define PIECE_BYTES 128u

static bool agreed;

bool tinysdk_link_agreed(void) {
  return agreed;
}

static identity own_identity(void) {
  identity own = {TINYSDK_PROTOCOL_VERSION, {0}, MODEL_INPUT_BYTES, MODEL_CLASSES, MODEL_STATE_BYTES};
  memcpy(own.build_hash, model_build_hash, sizeof own.build_hash);
  return own;
}

static void complain(void) {
  tinysdk_frame_send(TINYSDK_FRAME_NAK, 0, NULL, 0);
}

/* Takes the rest of the frame. False, after asking for it again, when it is damaged. */
static bool intact(void) {
  if (tinysdk_frame_receive_end() == TINYSDK_FRAME_OK)
    return true;
  complain();
  return false;
}

static void refuse(const tinysdk_frame *frame, const char *text) {
  tinysdk_link_refuse(frame->sequence, TINYSDK_ERROR_REQUEST, text);
}

static void answer_hello(const tinysdk_frame *frame) {
  identity host = {0};
  uint32_t measure = 0;
  (void)tinysdk_frame_receive_bytes(&host, sizeof host);
  (void)tinysdk_frame_receive_bytes(&measure, sizeof measure);
  if (!intact())
    return;
  const identity own = own_identity();
  const uint32_t measures[2] = {TINYSDK_PROFILE_OPERATORS, tinysdk_cost_unit()};
  agreed = memcmp(&host, &own, sizeof own) == 0;
  if (measure == 1u) {
    tinysdk_cost_start();
    tinysdk_profile_start();
  }
  tinysdk_frame_send_begin(TINYSDK_FRAME_HELLO, frame->sequence, sizeof own + sizeof measures);
  tinysdk_frame_send_bytes(&own, sizeof own);
  tinysdk_frame_send_bytes(measures, sizeof measures);
  tinysdk_frame_send_end();
}

static void answer_state_read(const tinysdk_frame *frame) {
  uint32_t range[2] = {0, 0};
  uint8_t piece[PIECE_BYTES];
  (void)tinysdk_frame_receive_bytes(range, sizeof range);
  if (!intact())
    return;
  if (!tinysdk_learned_contains(range[0], range[1])) {
    refuse(frame, "state read outside the state");
    return;
  }
  tinysdk_frame_send_begin(TINYSDK_FRAME_STATE, frame->sequence, range[1]);
  for (uint32_t done = 0; done < range[1]; done += PIECE_BYTES) {
    const uint32_t count = range[1] - done < PIECE_BYTES ? range[1] - done : PIECE_BYTES;
    tinysdk_learned_read(range[0] + done, piece, count);
    tinysdk_frame_send_bytes(piece, count);
  }
  tinysdk_frame_send_end();
}

/* Written as it arrives: a damaged frame is asked for again and written over. */
static void answer_state_write(const tinysdk_frame *frame) {
  uint32_t offset = 0;
  uint8_t piece[PIECE_BYTES];
  const uint32_t total = frame->length - (uint32_t)sizeof offset;
  (void)tinysdk_frame_receive_bytes(&offset, sizeof offset);
  const bool inside = tinysdk_learned_contains(offset, total);
  for (uint32_t done = 0; inside && done < total; done += PIECE_BYTES) {
    const uint32_t count = total - done < PIECE_BYTES ? total - done : PIECE_BYTES;
    if (!tinysdk_frame_receive_bytes(piece, count))
      return;
    tinysdk_learned_write(offset + done, piece, count);
  }
  if (!intact())
    return;
  if (inside)
    tinysdk_frame_send(TINYSDK_FRAME_DONE, frame->sequence, NULL, 0);
  else
    refuse(frame, "state write outside the state");
}

static void answer_reset(const tinysdk_frame *frame) {
  if (!intact())
    return;
  model_init();
  tinysdk_frame_send(TINYSDK_FRAME_DONE, frame->sequence, NULL, 0);
}

static void answer_profile(const tinysdk_frame *frame) {
  uint32_t clear = 0;
  (void)tinysdk_frame_receive_bytes(&clear, sizeof clear);
  if (!intact())
    return;
  if (clear == 1u) {
    tinysdk_profile_start();
    tinysdk_frame_send(TINYSDK_FRAME_DONE, frame->sequence, NULL, 0);
    return;
  }
  const uint32_t operators = TINYSDK_PROFILE_OPERATORS;
  tinysdk_frame_send_begin(TINYSDK_FRAME_PROFILE, frame->sequence, operators * 12u);
  for (uint32_t i = 0; i < operators; ++i) {
    const tinysdk_profile_entry entry = tinysdk_profile_read(i);
    tinysdk_frame_send_bytes(&entry.cost, sizeof entry.cost);
    tinysdk_frame_send_bytes(&entry.calls, sizeof entry.calls);
  }
  tinysdk_frame_send_end();
}

static void answer_stack(const tinysdk_frame *frame) {
  if (!intact())
    return;
  const uint32_t report[2] = {tinysdk_stack_used(), tinysdk_stack_size()};
  tinysdk_frame_send(TINYSDK_FRAME_STACK, frame->sequence, report, sizeof report);
}

static void answer_evaluation(const tinysdk_frame *frame) {
  uint32_t clear = 0;
  (void)tinysdk_frame_receive_bytes(&clear, sizeof clear);
  if (!intact())
    return;
  if (clear != 1u) {
    tinysdk_learning_send_evaluation(frame->sequence);
    return;
  }
  tinysdk_learning_forget();
  tinysdk_frame_send(TINYSDK_FRAME_DONE, frame->sequence, NULL, 0);
}

static void answer_learning(const tinysdk_frame *frame) {
  if (!intact())
    return;
  const tinysdk_learning_report report = tinysdk_learning_status();
  tinysdk_frame_send(TINYSDK_FRAME_LEARNING, frame->sequence, &report, sizeof report);
}

static void answer_unknown(const tinysdk_frame *frame) {
  if (intact())
    refuse(frame, "no such request, or not of this size");
}

typedef struct {
  uint32_t type;
  uint32_t smallest;
  uint32_t largest;
  void (*answer)(const tinysdk_frame *frame);
} request;

static const request requests[] = {
    {TINYSDK_FRAME_STATE_READ, 8, 8, answer_state_read},
    {TINYSDK_FRAME_STATE_WRITE, 4, 4 + MODEL_STATE_BYTES + TINYSDK_REPLAY_BYTES, answer_state_write},
    {TINYSDK_FRAME_RESET, 0, 0, answer_reset},
    {TINYSDK_FRAME_PROFILE, 4, 4, answer_profile},
    {TINYSDK_FRAME_STACK, 0, 0, answer_stack},
    {TINYSDK_FRAME_EVALUATION, 4, 4, answer_evaluation},
    {TINYSDK_FRAME_LEARNING, 0, 0, answer_learning},
};

void tinysdk_link_answer(const tinysdk_frame *frame) {
  if (frame->type == TINYSDK_FRAME_HELLO && frame->length == sizeof(identity) + sizeof(uint32_t)) {
    answer_hello(frame);
    return;
  }
  if (!agreed) {
    if (intact())
      tinysdk_link_refuse(frame->sequence, TINYSDK_ERROR_MISMATCH,
                          "host and image have not agreed on a build yet");
    return;
  }
  for (uint32_t i = 0; i < sizeof requests / sizeof requests[0]; ++i) {
    const request *known = &requests[i];
    if (frame->type == known->type && frame->length >= known->smallest && frame->length <= known->largest) {
      known->answer(frame);
      return;
    }
  }
  answer_unknown(frame);
}
