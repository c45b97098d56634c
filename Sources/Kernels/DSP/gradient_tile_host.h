/* What the routine of gradient_tile_arm.h computes. */
#ifndef TINYSDK_DSP_GRADIENT_TILE_HOST_H
#define TINYSDK_DSP_GRADIENT_TILE_HOST_H

#include <math.h>

static inline void tinysdk_gradient_tile(const float *columns, const tinysdk_gradient_channels *channels,
                                         int32_t outputs, float *sums) {
  for (int32_t i = 0; i < 2 * TINYSDK_GRADIENT_PIXELS; i++)
    sums[i] = 0;
  for (int32_t o = 0; o < outputs; o++)
    for (int32_t i = 0; i < 2 * TINYSDK_GRADIENT_PIXELS; i++) {
      const int32_t channel = i / TINYSDK_GRADIENT_PIXELS;
      const float weight = (float)channels->weights[channel][o * channels->stride[channel]];
      sums[i] = fmaf(weight, columns[o * TINYSDK_GRADIENT_PIXELS + i % TINYSDK_GRADIENT_PIXELS], sums[i]);
    }
}

#endif
