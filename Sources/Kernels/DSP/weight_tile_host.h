/* What the assembly of weight_tile_arm.h computes. */
#ifndef TINYSDK_DSP_WEIGHT_TILE_HOST_H
#define TINYSDK_DSP_WEIGHT_TILE_HOST_H

static inline int32_t tinysdk_round_quickly(float value) {
  return tinysdk_round_half_even(value);
}

static inline void tinysdk_weight_tile(const float *const gradients[4], const float *values, int32_t pairs,
                                       float sums[16]) {
  for (int32_t p = 0; p < 2 * pairs; p++)
    for (int32_t i = 0; i < 16; i++)
      sums[i] = fmaf(gradients[i / 4][p], values[4 * p + i % 4], sums[i]);
}

#endif
