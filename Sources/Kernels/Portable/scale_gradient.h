/* Integer gradients times a factor per channel, through a mask. */
#ifndef TINYSDK_SCALE_GRADIENT_H
#define TINYSDK_SCALE_GRADIENT_H

#include "narrow.h"
#include "tinysdk_kernels.h"

static inline void tinysdk_scale_gradient(const tinysdk_scale_gradient_args *args,
                                          const tinysdk_gradient *input, const int32_t *input_exponent,
                                          const uint8_t *mask, const int16_t *factor,
                                          tinysdk_gradient *output, int32_t *output_exponent) {
  const int32_t exponent = input_exponent[0] + args->factor_exponent;
  tinysdk_narrowing narrowing = tinysdk_narrow_start(output, args->bits);
  for (int32_t c = 0; c < args->batch * args->channels; c++) {
    const int32_t multiplier = factor[c % args->channels], end = (c + 1) * args->plane;
    for (int32_t e = c * args->plane; e < end; e += TINYSDK_BLOCK) {
      int32_t products[TINYSDK_BLOCK];
      const int32_t count = tinysdk_min(TINYSDK_BLOCK, end - e);
      for (int32_t i = 0; i < count; i++)
        products[i] = input[e + i] * multiplier;
      if (mask)
        for (int32_t i = 0; i < count; i++)
          products[i] = mask[(e + i) >> 3] >> ((e + i) & 7) & 1 ? products[i] : 0;
      tinysdk_narrow_next(&narrowing, products, count, e);
    }
  }
  output_exponent[0] = exponent + narrowing.shift;
}

#endif
