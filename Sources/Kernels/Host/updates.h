/* The update rules of integer weights, for rows of them: Portable's update.h without branches. */
#ifndef TINYSDK_HOST_UPDATES_H
#define TINYSDK_HOST_UPDATES_H

#include "lanes.h"
#include "update.h"

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

#endif
