/* Between the link and what the model knows of its own learning. */
#ifndef TINYSDK_LINK_LEARNING_H
#define TINYSDK_LINK_LEARNING_H

#include "frame.h"
#include "model.h"

/* As on the wire. */
typedef struct {
  uint32_t steps;
  uint32_t correct;
  float loss;
  uint32_t restored;
  uint32_t kept;
} tinysdk_learning_report;

#ifdef MODEL_REPLAY_BYTES
#define TINYSDK_REPLAY_BYTES MODEL_REPLAY_BYTES
#else
#define TINYSDK_REPLAY_BYTES 0u
#endif

/* Everything that learning changes: the trainable state, then the replay memory where there is one. A range
 * lies in one of the two; false where it does not. */
bool tinysdk_learned_contains(uint32_t offset, uint32_t count);
void tinysdk_learned_read(uint32_t offset, void *bytes, uint32_t count);
void tinysdk_learned_write(uint32_t offset, const void *bytes, uint32_t count);

void tinysdk_learning_count(int32_t label, int32_t prediction);
void tinysdk_learning_forget(void);
void tinysdk_learning_send_evaluation(uint32_t sequence);
tinysdk_learning_report tinysdk_learning_status(void);

#endif
