/* The gradient of an average over whole planes; write_fours_g16.h or write_fours_g8.h comes first. */
#ifndef TINYSDK_DSP_GLOBAL_POOL_GRADIENT_H
#define TINYSDK_DSP_GLOBAL_POOL_GRADIENT_H

#include "instructions.h"
#include "narrow_run.h"

/* A plane of whole fours of one sum; 0 if it does not fit. */
static inline int32_t tinysdk_fill_plane(tinysdk_levels levels, int32_t sum, int32_t plane,
                                         tinysdk_gradient *to) {
  const uint32_t even = ((uint32_t)sum + levels.even) >> levels.shift;
  const uint32_t odd = ((uint32_t)sum + levels.odd) >> levels.shift;
  tinysdk_gradient four[4];
  if (tinysdk_store_levels(even, odd, even, odd, levels.limits, four))
    return 0;
  for (const tinysdk_gradient *const end = to + plane; to < end; to += 4)
    memcpy(to, four, sizeof(four));
  return 1;
}

static __attribute__((noinline)) void tinysdk_narrow_plane(tinysdk_narrowing *narrowing, int32_t sum,
                                                           int32_t plane, int32_t first) {
  int32_t sums[TINYSDK_BLOCK];
  for (int32_t p = 0; p < tinysdk_min(plane, TINYSDK_BLOCK); p++)
    sums[p] = sum;
  for (int32_t p = 0; p < plane; p += TINYSDK_BLOCK)
    tinysdk_narrow_run(narrowing, sums, tinysdk_min(TINYSDK_BLOCK, plane - p), first + p);
}

static inline void tinysdk_global_pool_gradient(const tinysdk_average_pool2d_gradient_args *args,
                                                const tinysdk_gradient *gradient,
                                                const int32_t *gradient_exponent,
                                                tinysdk_gradient *input_gradient,
                                                int32_t *input_gradient_exponent) {
  const int32_t plane = args->in_height * args->in_width;
  const int32_t share = ((1 << args->share_bits) + plane / 2) / plane;
  tinysdk_narrowing narrowing = tinysdk_narrow_start(input_gradient, TINYSDK_MANTISSA_BITS);
  tinysdk_levels levels = tinysdk_levels_of(&narrowing);
  for (int32_t c = 0; c < args->batch * args->channels; c++) {
    const int32_t sum = gradient[c] * share;
    if (plane % 4 == 0 && tinysdk_fill_plane(levels, sum, plane, input_gradient + c * plane))
      continue;
    tinysdk_narrow_plane(&narrowing, sum, plane, c * plane);
    levels = tinysdk_levels_of(&narrowing);
  }
  input_gradient_exponent[0] = gradient_exponent[0] - args->share_bits + narrowing.shift;
}

static inline int32_t tinysdk_global_pool_instructions(const tinysdk_average_pool2d_gradient_args *args) {
  const int32_t plane = args->in_height * args->in_width;
  if (args->out_height != 1 || args->out_width != 1 || args->kernel_height != args->in_height ||
      args->kernel_width != args->in_width || args->pad_top != 0 || args->pad_left != 0 ||
      args->dilation_y != 1 || args->dilation_x != 1)
    return -1;
  return tinysdk_instruction_count((int64_t)args->batch * args->channels *
                                   (plane % 4 == 0 ? plane / 2 + 40 : plane * 10 + 60));
}

#endif
