/* The update rules of integer weights, for rows of them: Portable's update.h without branches. */
#ifndef TINYSDK_HOST_UPDATES_H
#define TINYSDK_HOST_UPDATES_H

#include "lanes.h"
#include "random.h"
#include "update.h"

#include <stddef.h>

/* round_half_even(value) limited to +-limit <= 2^22; 0 for what is not a number. Below 2^23, adding and
 * taking off 1.5 * 2^23 leaves no fraction bits. */
HOST_INLINE int32_t host_round_within(float value, float limit) {
  const float shift = 12582912.0f;
  const float number = value == value ? value : 0.0f;
  const float low = number < -limit ? -limit : number;
  const float within = low > limit ? limit : low;
  return (int32_t)((within + shift) - shift);
}

HOST_INLINE void host_update_with_residual(float step, const float *restrict gradients, int32_t count,
                                           int8_t *restrict weights, int8_t *restrict residual) {
  const int32_t limit = TINYSDK_WEIGHT_LIMIT * 256;
  for (int32_t i = 0; i < count; i++) {
    const int32_t change = host_round_within((step * gradients[i]) * 256.0f, 131072.0f);
    const int32_t fine = tinysdk_clamp(weights[i] * 256 + residual[i] - change, -limit, limit);
    const int32_t coarse = (fine + 128) >> 8;
    weights[i] = (int8_t)coarse;
    residual[i] = (int8_t)(fine - coarse * 256);
  }
}

HOST_INLINE void host_update_to_nearest(float step, const float *restrict gradients, int32_t count,
                                        int8_t *restrict weights) {
  for (int32_t i = 0; i < count; i++) {
    const int32_t change = host_round_within(step * gradients[i], 512.0f);
    weights[i] = (int8_t)tinysdk_clamp(weights[i] - change, -TINYSDK_WEIGHT_LIMIT, TINYSDK_WEIGHT_LIMIT);
  }
}

/* `count` neighbouring weights of one output channel; without a residual (NULL), to nearest. */
HOST_INLINE void host_update_weights(float step, const float *gradients, int32_t count, int8_t *weights,
                                     int8_t *residual) {
  if (residual)
    host_update_with_residual(step, gradients, count, weights, residual);
  else
    host_update_to_nearest(step, gradients, count, weights);
}

/* Weights `index` ... `index` + count - 1, two residuals to a byte. */
HOST_INLINE void host_update_with_packed_residual(float step, const float *restrict gradients, int32_t index,
                                                  int32_t count, int8_t *restrict weights,
                                                  uint8_t *restrict residual) {
  const int32_t limit = TINYSDK_WEIGHT_LIMIT * 16;
  for (int32_t i = 0; i < count; i++) {
    const int32_t e = index + i, bit = (e & 1) * 4;
    const uint32_t packed = residual[e >> 1];
    /* Four bits in two's complement: flipping the sign bit makes them 0 to 15. */
    const int32_t rest = (int32_t)((packed >> bit & 15) ^ 8) - 8;
    const int32_t change = host_round_within((step * gradients[i]) * 16.0f, 8192.0f);
    const int32_t fine = tinysdk_clamp(weights[e] * 16 + rest - change, -limit, limit);
    const int32_t coarse = (fine + 8) >> 4;
    weights[e] = (int8_t)coarse;
    residual[e >> 1] = (uint8_t)((packed & ~(15u << bit)) | ((uint32_t)(fine - coarse * 16) & 15) << bit);
  }
}

/* round_half_even(value) for |value| <= 2^23. */
HOST_INLINE int32_t host_round_small(float value) {
  const float shift = value < 0 ? -8388608.0f : 8388608.0f;
  return (int32_t)((value + shift) - shift);
}

/* Weights `index` ... `index` + count - 1. */
HOST_INLINE void host_update_stochastically(float step, const float *restrict gradients, uint32_t key,
                                            int32_t index, int32_t count, int8_t *restrict weights) {
  const float limit = 512.0f;
  for (int32_t i = 0; i < count; i++) {
    const float wanted = step * gradients[i];
    const float number = wanted == wanted ? wanted : 0.0f;
    const float low = number < -limit ? -limit : number;
    const float change = low > limit ? limit : low;
    const int32_t whole = host_round_small(change);
    const int32_t rest = host_round_small((change - (float)whole) * 16777216.0f);
    const int32_t up = ((int32_t)(tinysdk_random(key, index + i) >> 8) - rest) >> 24;
    weights[index + i] =
        (int8_t)tinysdk_clamp(weights[index + i] - whole + up, -TINYSDK_WEIGHT_LIMIT, TINYSDK_WEIGHT_LIMIT);
  }
}

#endif
