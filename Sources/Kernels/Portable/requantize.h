/* From 32-bit sums to int8: the two integer roundings, the clamp and the mask. */
#ifndef TINYSDK_REQUANTIZE_H
#define TINYSDK_REQUANTIZE_H

#include "tinysdk_kernels.h"

/* Sums are turned into outputs by blocks of at most this many. */
#define TINYSDK_BLOCK 64

static inline int32_t tinysdk_min(int32_t a, int32_t b) {
  return a < b ? a : b;
}

static inline int32_t tinysdk_max(int32_t a, int32_t b) {
  return a > b ? a : b;
}

static inline int32_t tinysdk_clamp(int32_t value, int32_t low, int32_t high) {
  return tinysdk_min(tinysdk_max(value, low), high);
}

static inline int32_t tinysdk_saturate_s32(int64_t value) {
  return (int32_t)(value < INT32_MIN ? INT32_MIN : value > INT32_MAX ? INT32_MAX : value);
}

/* saturate32(value + addend), in 32 bits so that it vectorizes. */
static inline int32_t tinysdk_saturating_add(int32_t value, int32_t addend) {
  const int32_t low = addend < 0 ? INT32_MIN - addend : INT32_MIN;
  const int32_t high = addend > 0 ? INT32_MAX - addend : INT32_MAX;
  return tinysdk_clamp(value, low, high) + addend;
}

/* (a * b + 2^30) / 2^31 rounded down, b >= 0. The result fits 32 bits, so an unsigned shift leaves the same
 * ones. */
static inline int32_t tinysdk_doubling_high_multiply(int32_t a, int32_t b) {
  return (int32_t)(uint32_t)(((uint64_t)((int64_t)a * b) + (1u << 30)) >> 31);
}

/* value / 2^exponent, half away from zero; 0 <= exponent <= 31. */
static inline int32_t tinysdk_rounding_shift_right(int32_t value, int32_t exponent) {
  const int32_t mask = (int32_t)((1u << exponent) - 1);
  const int32_t threshold = (mask >> 1) + (value < 0);
  return (value >> exponent) + ((value & mask) > threshold);
}

/* value * multiplier * 2^(-31 - right) in two roundings. */
static inline int32_t tinysdk_scale_down_tflite(int32_t value, int32_t multiplier, int32_t right) {
  return tinysdk_rounding_shift_right(tinysdk_doubling_high_multiply(value, multiplier), right);
}

/* The same in one rounding, half up. The product is made positive before an unsigned shift and corrected
 * after: vector units have no signed 64-bit shift. */
static inline int32_t tinysdk_scale_down_single(int32_t value, int32_t multiplier, int32_t right) {
  const int32_t down = 31 + right;
  const uint64_t raised = (uint64_t)((int64_t)value * multiplier) + (1ull << (down - 1)) + (1ull << 62);
  return (int32_t)((uint32_t)(raised >> down) - (uint32_t)((1ull << 62) >> down));
}

static inline int32_t tinysdk_requantize_tflite(int32_t value, int32_t multiplier, int32_t shift) {
  if (shift <= 0)
    return tinysdk_scale_down_tflite(value, multiplier, -shift);
  return tinysdk_doubling_high_multiply(tinysdk_saturate_s32((int64_t)value * (1ll << shift)), multiplier);
}

static inline int32_t tinysdk_requantize_single(int32_t value, int32_t multiplier, int32_t shift) {
  if (shift <= 0)
    return tinysdk_scale_down_single(value, multiplier, -shift);
  const int32_t down = 31 - shift;
  return tinysdk_saturate_s32(((int64_t)value * multiplier + (1ll << (down - 1))) >> down);
}

static inline int32_t tinysdk_requantize(int32_t value, int32_t multiplier, int32_t shift, int32_t rounding) {
  return rounding == TINYSDK_ROUNDING_SINGLE ? tinysdk_requantize_single(value, multiplier, shift)
                                             : tinysdk_requantize_tflite(value, multiplier, shift);
}

/* value + zero without overflow; beyond +-2^24 only the sign still matters to the clamp and the mask. */
static inline int32_t tinysdk_offset(int32_t value, int32_t zero) {
  return tinysdk_clamp(value, -(1 << 24), 1 << 24) + zero;
}

/* Sets the mask's bits first, first + 1, ... to whether the values lie within the clamp; other bits stay. */
static inline void tinysdk_write_mask(uint8_t *mask, int32_t first, const int32_t *values, int32_t count,
                                      int32_t low, int32_t high) {
  for (int32_t i = 0; i < count;) {
    const int32_t bit = (first + i) & 7;
    const int32_t run = tinysdk_min(8 - bit, count - i);
    uint32_t passing = 0;
    for (int32_t j = 0; j < run; j++)
      passing |= (uint32_t)(values[i + j] >= low && values[i + j] <= high) << (bit + j);
    const uint32_t written = ((1u << run) - 1) << bit;
    uint8_t *const byte = &mask[(first + i) >> 3];
    *byte = (uint8_t)((*byte & ~written) | passing);
    i += run;
  }
}

/* Clamps `count` values into the output tensor from element `first` on, and writes their mask bits. */
static inline void tinysdk_write_outputs(const int32_t *restrict values, int32_t count, int32_t low,
                                         int32_t high, int32_t first, int8_t *restrict output,
                                         uint8_t *mask) {
  for (int32_t i = 0; i < count; i++)
    output[first + i] = (int8_t)tinysdk_clamp(values[i], low, high);
  if (mask)
    tinysdk_write_mask(mask, first, values, count, low, high);
}

/* Requantizes values in place. Each rounding has a loop of its own, without branches, that vectorizes. */
static inline void tinysdk_requantize_values(int32_t *restrict values, int32_t count, int32_t multiplier,
                                             int32_t shift, int32_t rounding) {
  if (shift > 0)
    for (int32_t i = 0; i < count; i++)
      values[i] = tinysdk_requantize(values[i], multiplier, shift, rounding);
  else if (rounding == TINYSDK_ROUNDING_SINGLE)
    for (int32_t i = 0; i < count; i++)
      values[i] = tinysdk_scale_down_single(values[i], multiplier, -shift);
  else
    for (int32_t i = 0; i < count; i++)
      values[i] = tinysdk_scale_down_tflite(values[i], multiplier, -shift);
}

/* How sums become outputs: requantize(saturate(sum + bias)) + zero, clamped to [low, high]. */
typedef struct {
  int32_t bias;
  int32_t multiplier;
  int32_t shift;
  int32_t rounding;
  int32_t zero;
  int32_t low;
  int32_t high;
} tinysdk_output_stage;

static inline tinysdk_output_stage tinysdk_conv2d_stage(const tinysdk_conv2d_args *args, int32_t bias,
                                                        tinysdk_requantization scale) {
  const tinysdk_output_stage stage = {.bias = bias,
                                      .multiplier = scale.multiplier,
                                      .shift = scale.shift,
                                      .rounding = args->rounding,
                                      .zero = args->output_zero,
                                      .low = args->clamp_min,
                                      .high = args->clamp_max};
  return stage;
}

/* At most a block of sums become outputs from element `first` on, with their mask bits. Each rounding has a
 * loop of its own, without branches, that vectorizes. */
static inline void tinysdk_write_sums(const tinysdk_output_stage *stage, int32_t *restrict sums,
                                      int32_t count, int32_t first, int8_t *restrict output, uint8_t *mask) {
  const tinysdk_output_stage s = *stage;
  if (s.shift > 0)
    for (int32_t i = 0; i < count; i++) {
      sums[i] = tinysdk_offset(
          tinysdk_requantize(tinysdk_saturating_add(sums[i], s.bias), s.multiplier, s.shift, s.rounding),
          s.zero);
      output[first + i] = (int8_t)tinysdk_clamp(sums[i], s.low, s.high);
    }
  else if (s.rounding == TINYSDK_ROUNDING_SINGLE)
    for (int32_t i = 0; i < count; i++) {
      sums[i] = tinysdk_offset(
          tinysdk_scale_down_single(tinysdk_saturating_add(sums[i], s.bias), s.multiplier, -s.shift), s.zero);
      output[first + i] = (int8_t)tinysdk_clamp(sums[i], s.low, s.high);
    }
  else
    for (int32_t i = 0; i < count; i++) {
      sums[i] = tinysdk_offset(
          tinysdk_scale_down_tflite(tinysdk_saturating_add(sums[i], s.bias), s.multiplier, -s.shift), s.zero);
      output[first + i] = (int8_t)tinysdk_clamp(sums[i], s.low, s.high);
    }
  if (mask)
    tinysdk_write_mask(mask, first, sums, count, s.low, s.high);
}

#endif
