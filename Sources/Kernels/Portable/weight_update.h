/* Weight gradient and update in one, by each of the update rules, for float and integer gradients. `unit` is
 * what one of an integer sum is worth. */
#ifndef TINYSDK_WEIGHT_UPDATE_H
#define TINYSDK_WEIGHT_UPDATE_H

#include "random.h"
#include "update.h"
#include "weight_gradient.h"

typedef struct {
  const float *scale;
  float rate;
  float unit;
  int8_t *weights;
  void *residual;
  uint32_t key; /* of the random bits */
} tinysdk_weight_update;

static inline void tinysdk_apply_with_residual(void *context, int32_t output, int32_t index,
                                               tinysdk_gradient_sum gradient) {
  const tinysdk_weight_update *const update = context;
  tinysdk_update_weight(update->rate * update->scale[output], tinysdk_gradient_value(gradient, update->unit),
                        index, update->weights, update->residual);
}

static inline void tinysdk_apply_with_packed_residual(void *context, int32_t output, int32_t index,
                                                      tinysdk_gradient_sum gradient) {
  const tinysdk_weight_update *const update = context;
  tinysdk_update_with_packed_residual(update->rate * update->scale[output],
                                      tinysdk_gradient_value(gradient, update->unit), index, update->weights,
                                      update->residual);
}

static inline void tinysdk_apply_stochastically(void *context, int32_t output, int32_t index,
                                                tinysdk_gradient_sum gradient) {
  const tinysdk_weight_update *const update = context;
  tinysdk_update_stochastically(update->rate * update->scale[output],
                                tinysdk_gradient_value(gradient, update->unit),
                                tinysdk_random(update->key, index), update->weights + index);
}

#endif
