/* The application's side of the link: samples in, results out. */
#include <stddef.h>
#include <string.h>

#include "frame.h"
#include "link.h"
#include "link_learning.h"
#include "tinysdk.h"
#include "tinysdk_platform.h"
#include "tinysdk_protocol.h"

/* Both as on the wire. */
typedef struct {
  uint32_t flags;
  int32_t label;
  float rate;
} sample_head;

typedef struct {
  float loss;
  int32_t prediction;
  uint64_t cost;
} result_head;

_Static_assert(sizeof(sample_head) == 12, "the sample's head is 12 bytes on the wire");
_Static_assert(sizeof(result_head) == 16, "the result's head is 16 bytes on the wire");

static enum { UNOPENED, OPEN, CLOSED } phase;

/* The sample the application has, or had last, and what became of it: kept for a host that asks twice. */
static uint32_t sample_sequence;
static uint32_t sample_flags;
static int32_t sample_label;
static uint64_t sample_start;
static result_head result;

static uint32_t quit_sequence;

static bool open_link(void) {
  if (phase == UNOPENED)
    phase = TINYSDK_TRANSPORT.open() ? OPEN : CLOSED;
  return phase == OPEN;
}

static void send_result(void) {
  const uint32_t outputs = (sample_flags & TINYSDK_SAMPLE_OUTPUTS) != 0 ? MODEL_CLASSES * sizeof(float) : 0;
  tinysdk_frame_send_begin(TINYSDK_FRAME_RESULT, sample_sequence, sizeof result + outputs);
  tinysdk_frame_send_bytes(&result, sizeof result);
  if (outputs > 0)
    tinysdk_frame_send_bytes(model_output(), outputs);
  tinysdk_frame_send_end();
}

static void repeat_result(void) {
  if (tinysdk_frame_receive_end() == TINYSDK_FRAME_OK)
    send_result();
  else
    tinysdk_frame_send(TINYSDK_FRAME_NAK, 0, NULL, 0);
}

static bool receive_sample(const tinysdk_frame *frame, void *input, uint32_t count, tinysdk_sample *sample) {
  sample_head head;
  if (frame->length != sizeof head + count || !tinysdk_link_agreed()) {
    tinysdk_link_answer(frame);
    return false;
  }
  if (!tinysdk_frame_receive_bytes(&head, sizeof head) || !tinysdk_frame_receive_bytes(input, count))
    return false;
  if (tinysdk_frame_receive_end() != TINYSDK_FRAME_OK) {
    tinysdk_frame_send(TINYSDK_FRAME_NAK, 0, NULL, 0);
    return false;
  }
  const bool learn = (head.flags & TINYSDK_SAMPLE_LEARN) != 0;
  const bool labelled = learn || (head.flags & TINYSDK_SAMPLE_COUNT) != 0;
  if (labelled && (head.label < 0 || head.label >= MODEL_CLASSES)) {
    tinysdk_link_refuse(frame->sequence, TINYSDK_ERROR_REQUEST, "label out of range");
    return false;
  }
  sample_sequence = frame->sequence;
  sample_flags = head.flags;
  sample_label = labelled ? head.label : -1;
  *sample = (tinysdk_sample){learn, sample_label, head.rate};
  return true;
}

bool tinysdk_next_sample(void *input, uint32_t count, tinysdk_sample *sample) {
  tinysdk_frame frame;
  if (!open_link())
    return false;
  while (tinysdk_frame_receive(&frame)) {
    if (frame.type == TINYSDK_FRAME_HELLO)
      sample_sequence = 0;
    if (frame.type == TINYSDK_FRAME_SAMPLE && frame.sequence == sample_sequence) {
      repeat_result();
    } else if (frame.type == TINYSDK_FRAME_SAMPLE) {
      if (receive_sample(&frame, input, count, sample)) {
        sample_start = tinysdk_ticks();
        return true;
      }
    } else if (frame.type == TINYSDK_FRAME_QUIT) {
      quit_sequence = frame.sequence;
      return false;
    } else {
      tinysdk_link_answer(&frame);
    }
  }
  phase = CLOSED;
  tinysdk_exit(TINYSDK_EXIT_LINK);
}

static void finish_sample(uint64_t now, float loss, int32_t prediction) {
  result = (result_head){loss, prediction, tinysdk_cost_until(now) - tinysdk_cost_until(sample_start)};
  send_result();
}

void tinysdk_report(model_result outcome) {
  finish_sample(tinysdk_ticks(), outcome.loss, outcome.prediction);
}

void tinysdk_report_prediction(int32_t prediction) {
  const uint64_t now = tinysdk_ticks();
  if ((sample_flags & TINYSDK_SAMPLE_COUNT) != 0)
    tinysdk_learning_count(sample_label, prediction);
  finish_sample(now, 0.0f, prediction);
}

void tinysdk_link_log(const char *text) {
  if (open_link())
    tinysdk_frame_send(TINYSDK_FRAME_LOG, 0, text, (uint32_t)strlen(text));
}

void tinysdk_link_refuse(uint32_t sequence, uint32_t code, const char *text) {
  tinysdk_frame_send_begin(TINYSDK_FRAME_ERROR, sequence, sizeof code + (uint32_t)strlen(text));
  tinysdk_frame_send_bytes(&code, sizeof code);
  tinysdk_frame_send_bytes(text, (uint32_t)strlen(text));
  tinysdk_frame_send_end();
}

void tinysdk_link_fail(uint32_t code, const char *text) {
  if (phase == OPEN)
    tinysdk_link_refuse(0, code, text);
}

void tinysdk_link_close(int code) {
  const int32_t payload = code;
  if (phase == OPEN && quit_sequence != 0)
    tinysdk_frame_send(TINYSDK_FRAME_BYE, quit_sequence, &payload, sizeof payload);
  phase = CLOSED;
}
