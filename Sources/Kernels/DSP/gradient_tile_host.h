/* What the routine of gradient_tile_arm.h computes. */
#ifndef TINYSDK_DSP_GRADIENT_TILE_HOST_H
#define TINYSDK_DSP_GRADIENT_TILE_HOST_H

#include <math.h>

static inline void tinysdk_gradient_tile(const float *columns, const int8_t *weights, int32_t stride,
                                         int32_t outputs, float *sums) {
  float total[TINYSDK_GRADIENT_PIXELS] = {0};
  for (int32_t o = 0; o < outputs; o++, columns += TINYSDK_GRADIENT_PIXELS)
    for (int32_t p = 0; p < TINYSDK_GRADIENT_PIXELS; p++)
      total[p] = fmaf((float)weights[o * stride], columns[p], total[p]);
  for (int32_t p = 0; p < TINYSDK_GRADIENT_PIXELS; p++)
    sums[p] = total[p];
}

#endif
