/* The types of a generated model's functions, for a host that loads the model as a shared object. */
#ifndef TINYSDK_MODEL_API_H
#define TINYSDK_MODEL_API_H

#include <stdint.h>

/* As `model_result` in every model.h. */
typedef struct {
  float loss;
  int32_t prediction;
} tinysdk_model_result;

#endif
