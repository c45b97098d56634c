/* The gradient of a max pool, for integer gradients. */
#ifndef TINYSDK_MAX_POOL2D_GRADIENT_H
#define TINYSDK_MAX_POOL2D_GRADIENT_H

#include "pool_gradient_row.h"

/* Adds what the windows of one output row hand to the block of an input row that starts at column x;
 * `position` is the block's first pixel in the plane. */
static inline void tinysdk_add_winners(const tinysdk_pool2d_args *args, const tinysdk_gradient *gradient,
                                       const uint16_t *argmax, int32_t x, int32_t position, int32_t count,
                                       int32_t *sums) {
  const tinysdk_range range = tinysdk_pool_columns(args, x, count);
  for (int32_t ox = range.first; ox < range.end; ox++) {
    const int32_t winner = argmax[ox] - position;
    if (winner >= 0 && winner < count)
      sums[winner] += gradient[ox];
  }
}

static inline void tinysdk_max_pool2d_gradient(const tinysdk_pool2d_args *args,
                                               const tinysdk_gradient *gradient,
                                               const int32_t *gradient_exponent, const uint16_t *argmax,
                                               tinysdk_gradient *input_gradient,
                                               int32_t *input_gradient_exponent) {
  tinysdk_narrowing narrowing = tinysdk_narrow_start(input_gradient, TINYSDK_MANTISSA_BITS);
  for (int32_t row = 0; row < args->batch * args->channels * args->in_height; row++) {
    const int32_t y = row % args->in_height;
    const int32_t plane = row / args->in_height * args->out_height * args->out_width;
    for (int32_t x = 0; x < args->in_width; x += TINYSDK_BLOCK) {
      int32_t sums[TINYSDK_BLOCK] = {0};
      const int32_t count = tinysdk_min(TINYSDK_BLOCK, args->in_width - x);
      for (int32_t ky = 0; ky < args->kernel_height; ky++) {
        const int32_t oy = tinysdk_pool_row(args, y, ky), first = plane + oy * args->out_width;
        if (oy >= 0)
          tinysdk_add_winners(args, gradient + first, argmax + first, x, y * args->in_width + x, count, sums);
      }
      tinysdk_narrow_next(&narrowing, sums, count, row * args->in_width + x);
    }
  }
  input_gradient_exponent[0] = gradient_exponent[0] + narrowing.shift;
}

#endif
