/* Bias updates of integer gradients; lanes_g16.h or lanes_g8.h comes first. */
#ifndef TINYSDK_HOST_BIAS_MANTISSAS_H
#define TINYSDK_HOST_BIAS_MANTISSAS_H

#include "bias_updates.h"
#include "convolution.h"
#include "transpose.h"

/* Lanes that add up to the sum of one plane. */
HOST_INLINE host_s32 host_sum_plane(const tinysdk_gradient *from, int32_t count) {
  host_s32 sums = {0};
  int32_t i = 0;
  for (; i + HOST_LANES <= count; i += HOST_LANES)
    sums += host_load_mantissas(from + i);
  if (i < count) {
    tinysdk_gradient rest[HOST_LANES] = {0};
    memcpy(rest, from + i, sizeof(tinysdk_gradient) * (uint32_t)(count - i));
    sums += host_load_mantissas(rest);
  }
  return sums;
}

/* The sums of `count` output channels from o on, at most eight. */
HOST_INLINE host_s32 host_sum_channels(const tinysdk_conv2d_args *args, const tinysdk_gradient *gradient,
                                       int32_t o, int32_t count) {
  const int32_t plane = tinysdk_out_plane(args), image = args->out_channels * plane;
  host_s32 sums = {0};
  for (int32_t b = 0; b < args->batch; b++) {
    host_f32 rows[HOST_LANES] = {{0}};
    for (int32_t i = 0; i < count; i++)
      rows[i] = (host_f32)host_sum_plane(gradient + b * image + (o + i) * plane, plane);
    host_transpose(rows);
    for (int32_t i = 0; i < HOST_LANES; i++)
      sums += (host_s32)rows[i];
  }
  return sums;
}

HOST_INLINE void host_update_biases(const tinysdk_conv2d_args *args, const tinysdk_gradient *gradient,
                                    const int32_t *gradient_exponent, const float *scale, const float *rate,
                                    int32_t *bias) {
  const float unit = tinysdk_power_of_two(gradient_exponent[0]);
  for (int32_t o = 0; o < args->out_channels; o += HOST_LANES) {
    const int32_t count = tinysdk_min(HOST_LANES, args->out_channels - o);
    const host_s32 sums = count == HOST_LANES ? host_sum_channels(args, gradient, o, HOST_LANES)
                                              : host_sum_channels(args, gradient, o, count);
    host_update_eight(scale, rate[0], __builtin_convertvector(sums, host_f32) * unit, o, count, bias);
  }
}

/* A load and an addition by eights; turning the lanes, and the update itself. */
HOST_INLINE int32_t host_update_biases_instructions(const tinysdk_conv2d_args *args) {
  return host_instructions((int64_t)args->out_channels *
                           ((int64_t)args->batch * (tinysdk_out_plane(args) / 4 + 8) + 8));
}

#endif
