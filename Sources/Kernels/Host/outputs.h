/* From 32-bit sums to int8, eight at a time: the arithmetic of Portable's requantize.h. */
#ifndef TINYSDK_HOST_OUTPUTS_H
#define TINYSDK_HOST_OUTPUTS_H

#include "lanes.h"
#include "requantize.h"

HOST_INLINE host_s32 host_saturating_add(host_s32 value, int32_t addend) {
  const int32_t low = addend < 0 ? INT32_MIN - addend : INT32_MIN;
  const int32_t high = addend > 0 ? INT32_MAX - addend : INT32_MAX;
  return host_min_s32(host_max_s32(value, host_splat_s32(low)), host_splat_s32(high)) + addend;
}

HOST_INLINE host_s32 host_doubling_high_multiply(host_s32 value, host_s32 multiplier) {
  const host_u64 even = (host_u64)host_multiply_even(value, multiplier) + (1u << 30);
  const host_u64 odd = (host_u64)host_multiply_odd(value, multiplier) + (1u << 30);
  return host_join_halves(even >> 31, odd << 1);
}

HOST_INLINE host_s32 host_scale_down_tflite(host_s32 value, int32_t multiplier, int32_t right) {
  const host_s32 high = host_doubling_high_multiply(value, host_splat_s32(multiplier));
  const int32_t mask = (int32_t)((1u << right) - 1);
  /* Comparisons give 0 or -1. */
  const host_s32 threshold = (mask >> 1) - (high < 0);
  return (high >> right) - ((high & mask) > threshold);
}

HOST_INLINE host_s32 host_scale_down_single(host_s32 value, int32_t multiplier, int32_t right) {
  const int32_t down = 31 + right;
  const uint64_t raise = (1ull << (down - 1)) + (1ull << 62);
  const uint32_t lower = (uint32_t)((1ull << 62) >> down);
  const host_s32 factor = host_splat_s32(multiplier);
  const host_u64 even = ((host_u64)host_multiply_even(value, factor) + raise) >> down;
  const host_u64 odd = ((host_u64)host_multiply_odd(value, factor) + raise) >> down;
  return (host_s32)((host_u32)host_join_halves(even, odd << 32) - lower);
}

HOST_INLINE host_s32 host_scale_up_tflite(host_s32 value, int32_t multiplier, int32_t left) {
  const host_s32 low = host_splat_s32(INT32_MIN), high = host_splat_s32(INT32_MAX);
  host_s32 raised = (host_s32)((host_u32)value << left);
  raised = host_select_s32(value > (high >> left), high, raised);
  raised = host_select_s32(value < (low >> left), low, raised);
  return host_doubling_high_multiply(raised, host_splat_s32(multiplier));
}

HOST_INLINE host_s32 host_scale_up_single(host_s32 value, int32_t multiplier, int32_t left) {
  for (int32_t i = 0; i < HOST_LANES; i++)
    value[i] = tinysdk_requantize_single(value[i], multiplier, left);
  return value;
}

/* A function of the two roundings; the caller's loop is made once for each of the four. */
typedef host_s32 host_scaling(host_s32 value, int32_t multiplier, int32_t shift);

/* Writes a few outputs, at whatever bit their mask starts. */
HOST_OUTLINE void host_write_rest(const int32_t *values, int32_t count, int32_t low, int32_t high,
                                  int32_t zero, int32_t first, int8_t *output, uint8_t *mask) {
  for (int32_t i = 0; i < count; i++)
    output[first + i] = (int8_t)(tinysdk_clamp(values[i], low, high) + zero);
  if (mask)
    tinysdk_write_mask(mask, first, values, count, low, high);
}

HOST_INLINE void host_write_scaled(const tinysdk_output_stage *stage, const int32_t *sums, int32_t count,
                                   int32_t first, int8_t *output, uint8_t *mask, host_scaling *scale,
                                   int32_t shift) {
  /* Clamping before the zero point is added needs no care for overflow. */
  const int32_t least = stage->low - stage->zero, most = stage->high - stage->zero;
  const host_s32 low = host_splat_s32(least), high = host_splat_s32(most);
  const int32_t whole = mask && (first & 7) ? 0 : count / HOST_LANES * HOST_LANES;
  for (int32_t i = 0; i < whole; i += HOST_LANES) {
    const host_s32 value =
        scale(host_saturating_add(host_load_s32(sums + i), stage->bias), stage->multiplier, shift);
    const host_s32 clamped = host_min_s32(host_max_s32(value, low), high);
    host_narrow_s8(output + first + i, clamped + stage->zero);
    if (mask)
      mask[(first + i) >> 3] = (uint8_t)host_lane_bits(value == clamped);
  }
  for (int32_t i = whole; i < count; i += HOST_LANES) {
    const host_s32 value =
        scale(host_saturating_add(host_load_s32(sums + i), stage->bias), stage->multiplier, shift);
    int32_t values[HOST_LANES];
    host_store_s32(values, value);
    host_write_rest(values, tinysdk_min(HOST_LANES, count - i), least, most, stage->zero, first + i, output,
                    mask);
  }
}

/* `count` sums become outputs from element `first` on, with their mask bits. The sums are readable up to a
 * multiple of eight. */
HOST_INLINE void host_write_sums(const tinysdk_output_stage *stage, const int32_t *sums, int32_t count,
                                 int32_t first, int8_t *output, uint8_t *mask) {
  const int32_t shift = stage->shift, single = stage->rounding == TINYSDK_ROUNDING_SINGLE;
  if (shift > 0 && single)
    host_write_scaled(stage, sums, count, first, output, mask, host_scale_up_single, shift);
  else if (shift > 0)
    host_write_scaled(stage, sums, count, first, output, mask, host_scale_up_tflite, shift);
  else if (single)
    host_write_scaled(stage, sums, count, first, output, mask, host_scale_down_single, -shift);
  else
    host_write_scaled(stage, sums, count, first, output, mask, host_scale_down_tflite, -shift);
}

#endif
