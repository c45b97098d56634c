/* The gradient of an average pool, for integer gradients. */
#ifndef TINYSDK_AVERAGE_POOL2D_GRADIENT_H
#define TINYSDK_AVERAGE_POOL2D_GRADIENT_H

#include "pool_gradient_row.h"

/* One pixel's share of a window; most windows of a layer have one size, so the last division is kept. */
typedef struct {
  int32_t divisor;
  int32_t share;
} tinysdk_share;

static inline int32_t tinysdk_share_of(tinysdk_share *last, int32_t divisor, int32_t share_bits) {
  if (divisor != last->divisor) {
    last->divisor = divisor;
    last->share = ((1 << share_bits) + divisor / 2) / divisor;
  }
  return last->share;
}

/* Adds the shares of the windows of output row oy to the block of an input row that starts at column x. */
static inline void tinysdk_add_shares(const tinysdk_average_pool2d_gradient_args *args,
                                      const tinysdk_pool2d_args *pool, const tinysdk_gradient *gradient,
                                      int32_t oy, int32_t x, int32_t count, int32_t *sums) {
  const tinysdk_range range = tinysdk_pool_columns(pool, x, count);
  tinysdk_share last = {0, 0};
  for (int32_t ox = range.first; ox < range.end; ox++) {
    const tinysdk_pool_window window = tinysdk_pool_window_at(pool, oy, ox);
    const int32_t inside = window.x.end - window.x.first;
    if (inside == 0)
      continue;
    const int32_t share =
        gradient[ox] * tinysdk_share_of(&last, tinysdk_pool_divisor(pool, &window), args->share_bits);
    for (int32_t kx = window.x.first; kx < window.x.end; kx++) {
      const int32_t column = window.x.start + kx * window.x.dilation - x;
      if (column >= 0 && column < count)
        sums[column] += share;
    }
  }
}

static inline void tinysdk_average_pool2d_gradient(const tinysdk_average_pool2d_gradient_args *args,
                                                   const tinysdk_gradient *gradient,
                                                   const int32_t *gradient_exponent,
                                                   tinysdk_gradient *input_gradient,
                                                   int32_t *input_gradient_exponent) {
  const tinysdk_pool2d_args pool = tinysdk_average_pool(args);
  tinysdk_narrowing narrowing = tinysdk_narrow_start(input_gradient, TINYSDK_MANTISSA_BITS);
  for (int32_t row = 0; row < args->batch * args->channels * args->in_height; row++) {
    const int32_t y = row % args->in_height;
    const tinysdk_gradient *const plane =
        gradient + row / args->in_height * args->out_height * args->out_width;
    for (int32_t x = 0; x < args->in_width; x += TINYSDK_BLOCK) {
      int32_t sums[TINYSDK_BLOCK] = {0};
      const int32_t count = tinysdk_min(TINYSDK_BLOCK, args->in_width - x);
      for (int32_t ky = 0; ky < args->kernel_height; ky++) {
        const int32_t oy = tinysdk_pool_row(&pool, y, ky);
        if (oy >= 0)
          tinysdk_add_shares(args, &pool, plane + oy * args->out_width, oy, x, count, sums);
      }
      tinysdk_narrow_next(&narrowing, sums, count, row * args->in_width + x);
    }
  }
  input_gradient_exponent[0] = gradient_exponent[0] - args->share_bits + narrowing.shift;
}

#endif
