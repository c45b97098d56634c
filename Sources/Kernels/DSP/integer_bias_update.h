/* Bias gradient and update, for integer gradients; four_g16.h or four_g8.h comes first. */
#ifndef TINYSDK_DSP_INTEGER_BIAS_UPDATE_H
#define TINYSDK_DSP_INTEGER_BIAS_UPDATE_H

#include "../Portable/convolution.h"
#include "instructions.h"
#include "weight_tile.h"

static inline void tinysdk_update_integer_bias(const tinysdk_conv2d_args *args,
                                               const tinysdk_gradient *gradient, float unit,
                                               const float *scale, float rate, int32_t *bias) {
  const int32_t plane = tinysdk_out_plane(args);
  for (int32_t o = 0; o < args->out_channels; o++) {
    int32_t sum = 0;
    for (int32_t b = 0; b < args->batch; b++)
      sum = tinysdk_sum_mantissas(gradient + (b * args->out_channels + o) * plane, plane, sum);
    const float step = rate * scale[o];
    bias[o] = tinysdk_qsub(bias[o], tinysdk_round_quickly(step * tinysdk_gradient_value(sum, unit)));
  }
}

static inline int32_t tinysdk_integer_bias_instructions(const tinysdk_conv2d_args *args) {
  const int64_t elements = (int64_t)args->batch * args->out_channels * tinysdk_out_plane(args);
  return tinysdk_instruction_count(elements * 7 / 4 + (int64_t)args->out_channels * (40 + 15 * args->batch));
}

#endif
