/* The update rules of integer weights and biases. */
#ifndef TINYSDK_UPDATE_H
#define TINYSDK_UPDATE_H

#include "requantize.h"
#include "round.h"

/* Weights stay within +-127: packed multiplications have no room for -128. */
#define TINYSDK_WEIGHT_LIMIT 127

/* The residual holds the weight's next eight bits, so that steps far below one still add up. */
static inline void tinysdk_update_with_residual(float step, float gradient, int8_t *weight,
                                                int8_t *residual) {
  /* A change beyond 2^17 saturates whatever the weight is; limiting it here keeps the sum in 32 bits. */
  const int32_t change =
      tinysdk_clamp(tinysdk_round_half_even((step * gradient) * 256.0f), -(1 << 17), 1 << 17);
  const int32_t limit = TINYSDK_WEIGHT_LIMIT * 256;
  const int32_t fine = tinysdk_clamp(*weight * 256 + *residual - change, -limit, limit);
  const int32_t coarse = (fine + 128) >> 8;
  *weight = (int8_t)coarse;
  *residual = (int8_t)(fine - coarse * 256);
}

static inline void tinysdk_update_to_nearest(float step, float gradient, int8_t *weight) {
  const int32_t change = tinysdk_clamp(tinysdk_round_half_even(step * gradient), -512, 512);
  *weight = (int8_t)tinysdk_clamp(*weight - change, -TINYSDK_WEIGHT_LIMIT, TINYSDK_WEIGHT_LIMIT);
}

/* The same with four bits, two residuals to a byte, the even element's in the low half. */
static inline void tinysdk_update_with_packed_residual(float step, float gradient, int32_t index,
                                                       int8_t *weights, uint8_t *residual) {
  const int32_t change =
      tinysdk_clamp(tinysdk_round_half_even((step * gradient) * 16.0f), -(1 << 13), 1 << 13);
  const int32_t limit = TINYSDK_WEIGHT_LIMIT * 16, bit = (index & 1) * 4;
  const uint32_t packed = residual[index >> 1];
  /* Four bits in two's complement: flipping the sign bit makes them 0 to 15. */
  const int32_t rest = (int32_t)((packed >> bit & 15) ^ 8) - 8;
  const int32_t fine = tinysdk_clamp(weights[index] * 16 + rest - change, -limit, limit);
  const int32_t coarse = (fine + 8) >> 4;
  weights[index] = (int8_t)coarse;
  residual[index >> 1] = (uint8_t)((packed & ~(15u << bit)) | ((uint32_t)(fine - coarse * 16) & 15) << bit);
}

/* Adds a random number below one before rounding down. The step is split into the nearest integer and a rest
 * that is exact, so that nothing is lost beside a large weight. */
static inline void tinysdk_update_stochastically(float step, float gradient, uint32_t random,
                                                 int8_t *weight) {
  const float limit = 512.0f, wanted = step * gradient;
  const float change = wanted > limit ? limit : wanted < -limit ? -limit : wanted;
  const int32_t whole = tinysdk_round_half_even(change);
  const int32_t rest = tinysdk_round_half_even((change - (float)whole) * 16777216.0f);
  const int32_t up = ((int32_t)(random >> 8) - rest) >> 24;
  *weight = (int8_t)tinysdk_clamp(*weight - whole + up, -TINYSDK_WEIGHT_LIMIT, TINYSDK_WEIGHT_LIMIT);
}

/* One weight, `index` elements into its tensor; without a residual (NULL), to nearest. */
static inline void tinysdk_update_weight(float step, float gradient, int32_t index, int8_t *weights,
                                         int8_t *residual) {
  if (residual)
    tinysdk_update_with_residual(step, gradient, weights + index, residual + index);
  else
    tinysdk_update_to_nearest(step, gradient, weights + index);
}

static inline int32_t tinysdk_updated_bias(float step, float gradient, int32_t bias) {
  return tinysdk_saturate_s32((int64_t)bias - tinysdk_round_half_even(step * gradient));
}

#endif
