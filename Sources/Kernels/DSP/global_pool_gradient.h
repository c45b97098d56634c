/* The gradient of an average over whole planes; write_fours_g16.h or write_fours_g8.h comes first. */
#ifndef TINYSDK_DSP_GLOBAL_POOL_GRADIENT_H
#define TINYSDK_DSP_GLOBAL_POOL_GRADIENT_H

#include "instructions.h"
#include "narrow_run.h"

static inline void tinysdk_global_pool_gradient(const tinysdk_average_pool2d_gradient_args *args,
                                                const tinysdk_gradient *gradient,
                                                const int32_t *gradient_exponent,
                                                tinysdk_gradient *input_gradient,
                                                int32_t *input_gradient_exponent) {
  const int32_t plane = args->in_height * args->in_width;
  const int32_t share = ((1 << args->share_bits) + plane / 2) / plane;
  tinysdk_narrowing narrowing = tinysdk_narrow_start(input_gradient, TINYSDK_MANTISSA_BITS);
  for (int32_t c = 0; c < args->batch * args->channels; c++) {
    int32_t sums[TINYSDK_BLOCK];
    for (int32_t p = 0; p < tinysdk_min(plane, TINYSDK_BLOCK); p++)
      sums[p] = gradient[c] * share;
    for (int32_t p = 0; p < plane; p += TINYSDK_BLOCK)
      tinysdk_narrow_run(&narrowing, sums, tinysdk_min(TINYSDK_BLOCK, plane - p), c * plane + p);
  }
  input_gradient_exponent[0] = gradient_exponent[0] - args->share_bits + narrowing.shift;
}

static inline int32_t tinysdk_global_pool_instructions(const tinysdk_average_pool2d_gradient_args *args) {
  const int32_t plane = args->in_height * args->in_width;
  if (args->out_height != 1 || args->out_width != 1 || args->kernel_height != args->in_height ||
      args->kernel_width != args->in_width || args->pad_top != 0 || args->pad_left != 0 ||
      args->dilation_y != 1 || args->dilation_x != 1)
    return -1;
  return tinysdk_instruction_count((int64_t)args->batch * args->channels * (plane * 10 + 60));
}

#endif
