/* Bias gradient and update, for integer gradients; mve_mantissas_g16.h or mve_mantissas_g8.h comes first.
 * The float value of an integer sum is 0 or at least 2^-126: nothing that vectors flush. */
#ifndef TINYSDK_MVE_INTEGER_BIAS_UPDATE_H
#define TINYSDK_MVE_INTEGER_BIAS_UPDATE_H

#include "mve_integer_sums.h"
#include "mve_update.h"

/* Four biases. */
TINYSDK_MVE_FLOAT static __attribute__((noinline)) void
tinysdk_mve_apply_biases(const int32_t *sums, float unit, const float *steps, int32_t count, int32_t *bias) {
  tinysdk_mve_update_biases(tinysdk_f32x4_scale(tinysdk_f32x4_from(vldrwq_s32(sums)), unit), steps,
                            vctp32q((uint32_t)count), bias);
}

/* The sums of `count` channels, at most four, from o on. */
static inline void tinysdk_mve_bias_sums(const tinysdk_conv2d_args *args, const tinysdk_gradient *gradient,
                                         int32_t o, int32_t count, int32_t sums[4]) {
  const int32_t plane = tinysdk_out_plane(args);
  const mve_pred16_t some = tinysdk_mve_first_lanes(plane);
  if (args->batch > 1 || plane > TINYSDK_MVE_LANES || count < 4)
    for (int32_t i = 0; i < count; i++)
      sums[i] = tinysdk_mve_bias_sum(args, gradient, o + i);
  else
    for (int32_t i = 0; i < 4; i++)
      sums[i] = tinysdk_mve_add_lanes(0, tinysdk_mve_some_lanes_at(gradient + (o + i) * plane, some));
}

static inline void tinysdk_mve_update_integer_biases(const tinysdk_conv2d_args *args,
                                                     const tinysdk_gradient *gradient, int32_t exponent,
                                                     const float *scale, float rate, int32_t *bias) {
  const float unit = tinysdk_power_of_two(exponent);
  for (int32_t o = 0; o < args->out_channels; o += 4) {
    const int32_t count = tinysdk_min(4, args->out_channels - o);
    int32_t sums[4] = {0};
    float steps[4];
    tinysdk_mve_bias_sums(args, gradient, o, count, sums);
    if (tinysdk_mve_steps(scale + o, rate, count, steps))
      tinysdk_mve_apply_biases(sums, unit, steps, count, bias + o);
    else
      for (int32_t i = 0; i < count; i++)
        bias[o + i] = tinysdk_updated_bias(steps[i], tinysdk_gradient_value(sums[i], unit), bias[o + i]);
  }
}

static inline int32_t tinysdk_mve_integer_biases_instructions(const tinysdk_conv2d_args *args) {
  const int32_t vectors = (tinysdk_out_plane(args) + TINYSDK_MVE_LANES - 1) / TINYSDK_MVE_LANES;
  return args->out_channels * (args->batch * (vectors * 3 + 12) + 25);
}

#endif
