/* The update of biases, eight at a time: Portable's update.h without branches. */
#ifndef TINYSDK_HOST_BIAS_UPDATES_H
#define TINYSDK_HOST_BIAS_UPDATES_H

#include "lanes.h"
#include "update.h"

/* tinysdk_round_half_even. */
HOST_INLINE host_s32 host_round_half_even(host_f32 value) {
  const host_s32 sign = (host_s32)value & INT32_MIN;
  const host_f32 shift = (host_f32)((host_s32)host_splat_f32(8388608.0f) | sign);
  const host_f32 limit = host_splat_f32(8388608.0f), most = host_splat_f32(2147483648.0f);
  const host_s32 high = value >= most, low = value < -most;
  const host_f32 small = (value + shift) - shift;
  host_s32 bits = host_select_s32((value < limit) & (value > -limit), (host_s32)small, (host_s32)value);
  /* What no 32 bits hold, and what is not a number, becomes 0 first. */
  bits &= (value == value) & ~high & ~low;
  const host_s32 rounded = __builtin_convertvector((host_f32)bits, host_s32);
  return host_select_s32(high, host_splat_s32(INT32_MAX),
                         host_select_s32(low, host_splat_s32(INT32_MIN), rounded));
}

/* tinysdk_updated_bias. */
HOST_INLINE host_s32 host_updated_biases(host_f32 step, host_f32 gradient, host_s32 bias) {
  const host_s32 change = host_round_half_even(step * gradient);
  const host_s32 next = (host_s32)((host_u32)bias - (host_u32)change);
  const host_s32 over = (bias ^ change) & (bias ^ next);
  const host_s32 end = (bias >> 31) ^ host_splat_s32(INT32_MAX);
  return host_select_s32(over >> 31, end, next);
}

/* Biases o ... o + count - 1, at most eight. */
HOST_INLINE void host_update_eight(const float *scale, float rate, host_f32 gradient, int32_t o,
                                   int32_t count, int32_t *bias) {
  const uint32_t bytes = sizeof(int32_t) * (uint32_t)count;
  if (count == HOST_LANES) {
    const host_f32 step = host_load_f32(scale + o) * rate;
    host_store_s32(bias + o, host_updated_biases(step, gradient, host_load_s32(bias + o)));
    return;
  }
  float scales[HOST_LANES] = {0};
  int32_t biases[HOST_LANES] = {0};
  memcpy(scales, scale + o, bytes);
  memcpy(biases, bias + o, bytes);
  host_store_s32(biases, host_updated_biases(host_load_f32(scales) * rate, gradient, host_load_s32(biases)));
  memcpy(bias + o, biases, bytes);
}

#endif
