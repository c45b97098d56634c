/* The update rules in wide arithmetic. Rules: 0 to nearest, 1 eight residual bits, 2 four, 3 stochastic. */
#ifndef REFERENCE_RULES_H
#define REFERENCE_RULES_H

#include "check.h"

typedef struct {
  int32_t weight;
  int32_t residual;
} ruled;

int32_t residual_at(int32_t rule, const uint8_t *residuals, int64_t index);
/* `change` is step * gradient in float32; `random` matters to the stochastic rule only. */
ruled apply_rule(int32_t rule, int32_t weight, const uint8_t *residuals, int64_t index, float change,
                 uint32_t random);
uint32_t reference_random(const uint32_t *counter, uint32_t stream, uint32_t index);

#endif
