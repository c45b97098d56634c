/* The types of a generated model's functions, for a host that loads the model as a shared object. */
#ifndef TINYSDK_MODEL_API_H
#define TINYSDK_MODEL_API_H

#include <stdint.h>

/* As `model_result` in every model.h. */
typedef struct {
  float loss;
  int32_t prediction;
} tinysdk_model_result;

/* As `model_evaluation_result`, `model_window_result` and `model_guard_result` in the model.h of an image
 * that has them. */
typedef struct {
  uint32_t correct;
  uint32_t total;
  const uint32_t *confusion;
} tinysdk_model_evaluation;

typedef struct {
  uint32_t steps;
  uint32_t correct;
  float loss;
} tinysdk_model_window;

typedef struct {
  uint32_t restored;
  uint32_t kept;
  uint32_t last;
} tinysdk_model_guard;

#endif
