/* From 32-bit sums to int8 by vectors of four, equal bit for bit to the portable requantize.h. */
#ifndef TINYSDK_MVE_OUTPUTS_H
#define TINYSDK_MVE_OUTPUTS_H

#include "mve.h"
#include "requantize.h"

/* A requantization taken apart.
 *
 * Two roundings (TFLITE): the doubling high multiply is one instruction; the shift after it rounds half up,
 * so negative values take `nudge` (-1, or 0 without a shift) first to go half away from zero.
 *
 * One rounding (SINGLE): with a right shift of at least two the low half of the product cannot reach the
 * rounding bit, so the truncated high half and one rounding shift are exact. Smaller shifts shift the value
 * to the left first; where that saturates, the result is beyond every clamp with and without. */
typedef struct {
  int32_t multiplier;
  int32_t left;
  int32_t right; /* negative: to the right, as the shift instruction counts */
  int32_t nudge;
  int32_t single;
} tinysdk_mve_scale;

static inline tinysdk_mve_scale tinysdk_mve_scale_of(int32_t multiplier, int32_t shift, int32_t rounding) {
  tinysdk_mve_scale scale = {.multiplier = multiplier, .single = rounding == TINYSDK_ROUNDING_SINGLE};
  if (scale.single) {
    scale.left = tinysdk_max(shift + 2, 0);
    scale.right = tinysdk_min(shift, -2) + 1;
  } else {
    scale.left = tinysdk_max(shift, 0);
    scale.right = tinysdk_min(shift, 0);
    scale.nudge = shift < 0 ? -1 : 0;
  }
  return scale;
}

static inline int32x4_t tinysdk_mve_scaled_tflite(const tinysdk_mve_scale *scale, int32x4_t value) {
  value = vqrdmulhq_n_s32(value, scale->multiplier);
  value = vqaddq_m_n_s32(value, value, scale->nudge, vcmpltq_n_s32(value, 0));
  return vrshlq_n_s32(value, scale->right);
}

static inline int32x4_t tinysdk_mve_scaled_single(const tinysdk_mve_scale *scale, int32x4_t multiplier,
                                                  int32x4_t value) {
  return vrshlq_n_s32(vmulhq_s32(value, multiplier), scale->right);
}

/* Four vectors of sums plus bias, requantized. */
static inline int32x4x4_t tinysdk_mve_scaled(const tinysdk_mve_scale *scale, int32_t bias,
                                             int32x4x4_t values) {
  for (int i = 0; i < 4; i++)
    values.val[i] = vqaddq_n_s32(values.val[i], bias);
  if (scale->left)
    for (int i = 0; i < 4; i++)
      values.val[i] = vqshlq_r_s32(values.val[i], scale->left);
  if (scale->single) {
    const int32x4_t multiplier = vdupq_n_s32(scale->multiplier);
    for (int i = 0; i < 4; i++)
      values.val[i] = tinysdk_mve_scaled_single(scale, multiplier, values.val[i]);
  } else {
    for (int i = 0; i < 4; i++)
      values.val[i] = tinysdk_mve_scaled_tflite(scale, values.val[i]);
  }
  return values;
}

/* Where outputs go and between which limits. */
typedef struct {
  int32_t zero;
  int32_t low;
  int32_t high;
  int8_t *output;
  uint8_t *mask;
} tinysdk_mve_target;

static inline tinysdk_mve_target tinysdk_mve_conv2d_target(const tinysdk_conv2d_args *args, int8_t *output,
                                                           uint8_t *mask) {
  const tinysdk_mve_target target = {args->output_zero, args->clamp_min, args->clamp_max, output, mask};
  return target;
}

/* One mask bit per output: even outputs lie in one vector, odd ones in the other. */
static inline void tinysdk_mve_write_mask(const tinysdk_mve_target *target, int16x8_t even, int16x8_t odd,
                                          int32_t first) {
  const int16_t low = (int16_t)target->low, high = (int16_t)target->high;
  const uint32_t evens = vcmpleq_m_n_s16(even, high, vcmpgeq_n_s16(even, low));
  const uint32_t odds = vcmpleq_m_n_s16(odd, high, vcmpgeq_n_s16(odd, low));
  const uint32_t passing = (evens & 0x5555u) | (odds & 0xAAAAu);
  target->mask[first >> 3] = (uint8_t)passing;
  target->mask[(first >> 3) + 1] = (uint8_t)(passing >> 8);
}

/* Sixteen scaled values, value i in lane i / 4 of vector i % 4, become outputs `first`, first + 1, ...; only
 * `count` of them are written. A mask takes all sixteen, on whole bytes. */
static inline void tinysdk_mve_narrow(const tinysdk_mve_target *target, int32x4x4_t values, int32_t count,
                                      int32_t first, int32_t masked) {
  int16x8_t even = vdupq_n_s16(0), odd = even;
  even = vqmovntq_s32(vqmovnbq_s32(even, values.val[0]), values.val[2]);
  odd = vqmovntq_s32(vqmovnbq_s32(odd, values.val[1]), values.val[3]);
  even = vqaddq_n_s16(even, (int16_t)target->zero);
  odd = vqaddq_n_s16(odd, (int16_t)target->zero);
  if (masked)
    tinysdk_mve_write_mask(target, even, odd, first);
  int8x16_t bytes = vqmovntq_s16(vqmovnbq_s16(vdupq_n_s8(0), even), odd);
  bytes = vminq_s8(vmaxq_s8(bytes, vdupq_n_s8((int8_t)target->low)), vdupq_n_s8((int8_t)target->high));
  if (count == 16)
    vstrbq_s8(target->output + first, bytes);
  else
    vstrbq_p_s8(target->output + first, bytes, vctp8q((uint32_t)count));
}

/* Writes `count` sums' outputs from element `first` on. `sums` is read up to the next multiple of sixteen.
 * Where a mask's bits do not fill whole bytes, the portable code takes over. */
static inline void tinysdk_mve_write_sums(const tinysdk_mve_target *target, int32_t bias,
                                          tinysdk_requantization scale, int32_t rounding, int32_t *sums,
                                          int32_t count, int32_t first) {
  const tinysdk_mve_scale parts = tinysdk_mve_scale_of(scale.multiplier, scale.shift, rounding);
  for (int32_t i = 0; i < count; i += 16) {
    const int32_t part = tinysdk_min(16, count - i);
    if (target->mask && (part < 16 || ((first + i) & 7))) {
      const tinysdk_output_stage stage = {bias,         scale.multiplier, scale.shift, rounding,
                                          target->zero, target->low,      target->high};
      tinysdk_write_sums(&stage, sums + i, part, first + i, target->output, target->mask);
    } else {
      tinysdk_mve_narrow(target, tinysdk_mve_scaled(&parts, bias, vld4q_s32(sums + i)), part, first + i,
                         target->mask != 0);
    }
  }
}

/* Sums of raw products lack `fold`, the zero points' share. It joins the bias where both together fit 32 bits
 * (the saturating addition is exact then), else the sums. Returns what is left to add with saturation. */
static inline int32_t tinysdk_mve_fold(int32_t bias, int32_t fold, int32_t *sums, int32_t count) {
  const int64_t both = (int64_t)bias + fold;
  if (both == (int32_t)both)
    return (int32_t)both;
  for (int32_t i = 0; i < count; i++)
    sums[i] += fold;
  return bias;
}

#endif
