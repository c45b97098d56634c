/* Bias gradient and update, for integer gradients; four_g16.h or four_g8.h comes first. */
#ifndef TINYSDK_DSP_INTEGER_BIAS_UPDATE_H
#define TINYSDK_DSP_INTEGER_BIAS_UPDATE_H

#include "../Portable/convolution.h"
#include "instructions.h"
#include "weight_tile.h"

static inline int32_t tinysdk_moved_bias(int32_t bias, float step, int32_t sum, float unit) {
  return tinysdk_qsub(bias, tinysdk_round_quickly(step * tinysdk_gradient_value(sum, unit)));
}

/* One image whose planes are whole sixteens. */
static __attribute__((noinline)) void tinysdk_update_bias_by_sixteens(const tinysdk_gradient *gradient,
                                                                      int32_t plane, float unit,
                                                                      const float *scale, float rate,
                                                                      int32_t *bias, int32_t outputs) {
  for (const int32_t *const end = bias + outputs; bias < end; bias++, scale++) {
    const tinysdk_gradient *const last = gradient + plane;
    int32_t sum = 0;
    do {
      sum = tinysdk_sum_mantissas(gradient, 16, sum);
      gradient += 16;
    } while (gradient < last);
    bias[0] = tinysdk_moved_bias(bias[0], rate * scale[0], sum, unit);
  }
}

static inline void tinysdk_update_integer_bias(const tinysdk_conv2d_args *args,
                                               const tinysdk_gradient *gradient, float unit,
                                               const float *scale, float rate, int32_t *bias) {
  const int32_t plane = tinysdk_out_plane(args);
  if (args->batch == 1 && plane % 16 == 0) {
    tinysdk_update_bias_by_sixteens(gradient, plane, unit, scale, rate, bias, args->out_channels);
    return;
  }
  for (int32_t o = 0; o < args->out_channels; o++) {
    int32_t sum = 0;
    for (int32_t b = 0; b < args->batch; b++)
      sum = tinysdk_sum_mantissas(gradient + (b * args->out_channels + o) * plane, plane, sum);
    bias[o] = tinysdk_moved_bias(bias[o], rate * scale[o], sum, unit);
  }
}

static inline int32_t tinysdk_integer_bias_instructions(const tinysdk_conv2d_args *args) {
  const int64_t elements = (int64_t)args->batch * args->out_channels * tinysdk_out_plane(args);
  if (args->batch == 1 && tinysdk_out_plane(args) % 16 == 0)
    return tinysdk_instruction_count(elements * 5 / 4 + (int64_t)args->out_channels * 18);
  return tinysdk_instruction_count(elements * 7 / 4 + (int64_t)args->out_channels * (40 + 15 * args->batch));
}

#endif
