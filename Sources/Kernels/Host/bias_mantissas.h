/* Bias updates of integer gradients; lanes_g16.h or lanes_g8.h comes first. */
#ifndef TINYSDK_HOST_BIAS_MANTISSAS_H
#define TINYSDK_HOST_BIAS_MANTISSAS_H

#include "convolution.h"
#include "lanes.h"
#include "update.h"

HOST_INLINE int32_t host_sum_lanes(host_s32 values) {
  int32_t sum = 0;
  for (int32_t i = 0; i < HOST_LANES; i++)
    sum += values[i];
  return sum;
}

HOST_INLINE int32_t host_sum_mantissas(const tinysdk_gradient *from, int32_t count) {
  host_s32 sums = {0};
  int32_t i = 0, rest = 0;
  for (; i + HOST_LANES <= count; i += HOST_LANES)
    sums += host_load_mantissas(from + i);
  for (; i < count; i++)
    rest += from[i];
  return host_sum_lanes(sums) + rest;
}

HOST_INLINE void host_update_biases(const tinysdk_conv2d_args *args, const tinysdk_gradient *gradient,
                                    const int32_t *gradient_exponent, const float *scale, const float *rate,
                                    int32_t *bias) {
  const float unit = tinysdk_power_of_two(gradient_exponent[0]);
  const int32_t plane = tinysdk_out_plane(args), image = args->out_channels * plane;
  for (int32_t o = 0; o < args->out_channels; o++) {
    int32_t sum = 0;
    for (int32_t b = 0; b < args->batch; b++)
      sum += host_sum_mantissas(gradient + b * image + o * plane, plane);
    bias[o] = tinysdk_updated_bias(rate[0] * scale[o], tinysdk_gradient_value(sum, unit), bias[o]);
  }
}

/* A load and an addition by eights; the lanes and the update itself. */
HOST_INLINE int32_t host_update_biases_instructions(const tinysdk_conv2d_args *args) {
  return host_instructions((int64_t)args->out_channels *
                           ((int64_t)args->batch * (tinysdk_out_plane(args) / 4 + 10) + 15));
}

#endif
