/* Between the link and what the model knows of its own learning. */
#ifndef TINYSDK_LINK_LEARNING_H
#define TINYSDK_LINK_LEARNING_H

#include "frame.h"

/* As on the wire. */
typedef struct {
  uint32_t steps;
  uint32_t correct;
  float loss;
  uint32_t restored;
  uint32_t kept;
} tinysdk_learning_report;

void tinysdk_learning_count(int32_t label, int32_t prediction);
void tinysdk_learning_forget(void);
void tinysdk_learning_send_evaluation(uint32_t sequence);
tinysdk_learning_report tinysdk_learning_status(void);

#endif
