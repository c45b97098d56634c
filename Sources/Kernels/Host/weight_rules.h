/* The update rules of integer weights as receivers of weight_tiles.h. */
#ifndef TINYSDK_HOST_WEIGHT_RULES_H
#define TINYSDK_HOST_WEIGHT_RULES_H

#include "updates.h"

/* What the rules need, each its own. */
typedef struct {
  const float *scale;
  float rate;
  int8_t *weights;
  int8_t *residual;
  uint8_t *packed;
  uint32_t key; /* of the random bits */
} host_weight_rule;

HOST_INLINE void host_apply_with_residual(void *context, int32_t output, int32_t index, int32_t count,
                                          const float *gradients) {
  const host_weight_rule *const rule = context;
  host_update_weights(rule->rate * rule->scale[output], gradients, count, rule->weights + index,
                      rule->residual ? rule->residual + index : NULL);
}

HOST_INLINE void host_apply_with_packed_residual(void *context, int32_t output, int32_t index, int32_t count,
                                                 const float *gradients) {
  const host_weight_rule *const rule = context;
  host_update_with_packed_residual(rule->rate * rule->scale[output], gradients, index, count, rule->weights,
                                   rule->packed);
}

HOST_INLINE void host_apply_stochastically(void *context, int32_t output, int32_t index, int32_t count,
                                           const float *gradients) {
  const host_weight_rule *const rule = context;
  host_update_stochastically(rule->rate * rule->scale[output], gradients, rule->key, index, count,
                             rule->weights);
}

#endif
