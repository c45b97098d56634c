/* The gradient of an average pool whose one window is the whole plane, for integer gradients;
 * mve_mantissas_g16.h or mve_mantissas_g8.h comes first. A plane's sums are all the same. */
#ifndef TINYSDK_MVE_GLOBAL_POOL_GRADIENT_H
#define TINYSDK_MVE_GLOBAL_POOL_GRADIENT_H

#include "mve_narrow.h"
#include "tinysdk_kernels.h"

/* Sums handed on at once where they do not fit the present shift. */
#define TINYSDK_MVE_SAME 16

static __attribute__((noinline)) void tinysdk_mve_fill_slowly(tinysdk_mve_narrowing *narrowing, int32_t sum,
                                                              int32_t first, int32_t count) {
  int32_t sums[TINYSDK_MVE_SAME];
  for (int32_t i = 0; i < TINYSDK_MVE_SAME; i++)
    sums[i] = sum;
  for (const int32_t end = first + count; first < end; first += TINYSDK_MVE_SAME)
    tinysdk_mve_narrow_next(narrowing, sums, tinysdk_min(TINYSDK_MVE_SAME, end - first), first);
}

static inline void tinysdk_mve_fill_plane(tinysdk_mve_narrowing *narrowing, int32_t sum, int32_t first,
                                          int32_t count) {
  const int32x4_t dither = vldrwq_s32(narrowing->dithers + (first & 1));
  const int32x4_t value = vshlq_r_s32(vaddq_n_s32(dither, sum), -narrowing->by.shift);
  tinysdk_gradient *output = narrowing->by.output + first;
  if (vmaxavq_s32(0, value) > (uint32_t)narrowing->by.limit) {
    tinysdk_mve_fill_slowly(narrowing, sum, first, count);
    return;
  }
  for (int32_t rest = count; rest > 0; rest -= 4, output += 4)
    tinysdk_mve_store_mantissas(output, value, vctp32q((uint32_t)rest));
}

static inline void tinysdk_mve_global_pool_gradient(const tinysdk_average_pool2d_gradient_args *args,
                                                    const tinysdk_gradient *gradient,
                                                    const int32_t *gradient_exponent,
                                                    tinysdk_gradient *input_gradient,
                                                    int32_t *input_gradient_exponent) {
  const int32_t plane = args->in_height * args->in_width, exponent = gradient_exponent[0];
  const int32_t share = ((1 << args->share_bits) + plane / 2) / plane;
  tinysdk_mve_narrowing narrowing = tinysdk_mve_narrow_start(input_gradient, TINYSDK_MANTISSA_BITS);
  for (int32_t c = 0; c < args->batch * args->channels; c++)
    tinysdk_mve_fill_plane(&narrowing, gradient[c] * share, c * plane, plane);
  input_gradient_exponent[0] = exponent - args->share_bits + narrowing.by.shift;
}

static inline int32_t
tinysdk_mve_global_pool_gradient_instructions(const tinysdk_average_pool2d_gradient_args *args) {
  if (args->out_height != 1 || args->out_width != 1 || args->pad_top != 0 || args->pad_left != 0 ||
      args->kernel_height != args->in_height || args->kernel_width != args->in_width ||
      args->dilation_y != 1 || args->dilation_x != 1)
    return -1;
  return args->batch * args->channels * ((args->in_height * args->in_width + 3) / 4 * 2 + 25);
}

#endif
