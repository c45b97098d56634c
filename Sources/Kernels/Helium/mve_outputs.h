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
  int32_t bias;
  int32_t multiplier;
  int32_t left;
  int32_t right; /* negative: to the right, as the shift instruction counts */
  int32_t nudge;
  int32_t single;
  int32_t zero;
  int32_t low;
  int32_t high;
  int32_t shift;
  int32_t rounding;
} tinysdk_mve_stage;

static inline void tinysdk_mve_set_scale(tinysdk_mve_stage *stage, int32_t bias,
                                         tinysdk_requantization scale) {
  const int32_t shift = scale.shift;
  stage->bias = bias;
  stage->multiplier = scale.multiplier;
  stage->shift = shift;
  stage->left = tinysdk_max(stage->single ? shift + 2 : shift, 0);
  stage->right = stage->single ? tinysdk_min(shift, -2) + 1 : tinysdk_min(shift, 0);
  stage->nudge = shift < 0 ? -1 : 0;
}

/* What all output channels share. */
static inline tinysdk_mve_stage tinysdk_mve_stage_of(int32_t rounding, int32_t zero, int32_t low,
                                                     int32_t high) {
  const tinysdk_mve_stage stage = {.single = rounding == TINYSDK_ROUNDING_SINGLE,
                                   .zero = zero,
                                   .low = low,
                                   .high = high,
                                   .rounding = rounding};
  return stage;
}

static inline tinysdk_mve_stage tinysdk_mve_conv2d_stage(const tinysdk_conv2d_args *args) {
  return tinysdk_mve_stage_of(args->rounding, args->output_zero, args->clamp_min, args->clamp_max);
}

static inline int32x4_t tinysdk_mve_scaled_tflite(int32x4_t value, int32_t multiplier, int32_t nudge,
                                                  int32_t right) {
  value = vqrdmulhq_n_s32(value, multiplier);
  value = vqaddq_m_n_s32(value, value, nudge, vcmpltq_n_s32(value, 0));
  return vrshlq_n_s32(value, right);
}

/* One mask bit per output: even outputs lie in one vector, odd ones in the other. */
static inline void tinysdk_mve_write_mask(const tinysdk_mve_stage *stage, int16x8_t even, int16x8_t odd,
                                          uint8_t *mask) {
  const int16_t low = (int16_t)stage->low, high = (int16_t)stage->high;
  const uint32_t evens = vcmpleq_m_n_s16(even, high, vcmpgeq_n_s16(even, low));
  const uint32_t odds = vcmpleq_m_n_s16(odd, high, vcmpgeq_n_s16(odd, low));
  const uint32_t passing = (evens & 0x5555u) | (odds & 0xAAAAu);
  mask[0] = (uint8_t)passing;
  mask[1] = (uint8_t)(passing >> 8);
}

/* Sixteen sums become bytes, clamped: sum i lies in lane i / 4 of vector i % 4. `single`, `shifted` (whether
 * sums are shifted left first) and `masked` are constants where this is inlined; a mask starts on a whole
 * byte. The stage comes by value, so that what is stored cannot be taken for a change of it. */
static inline __attribute__((always_inline)) int8x16_t tinysdk_mve_outputs_of(tinysdk_mve_stage stage,
                                                                              int32x4x4_t values,
                                                                              int32_t single, int32_t shifted,
                                                                              int32_t masked, uint8_t *mask) {
  if (shifted)
    for (int i = 0; i < 4; i++)
      values.val[i] = vqshlq_r_s32(values.val[i], stage.left);
  if (single) {
    const int32x4_t multiplier = vdupq_n_s32(stage.multiplier);
    for (int i = 0; i < 4; i++)
      values.val[i] = vrshlq_n_s32(vmulhq_s32(values.val[i], multiplier), stage.right);
  } else {
    for (int i = 0; i < 4; i++)
      values.val[i] = tinysdk_mve_scaled_tflite(values.val[i], stage.multiplier, stage.nudge, stage.right);
  }
  int16x8_t even = vqmovntq_s32(vqmovnbq_s32(vdupq_n_s16(0), values.val[0]), values.val[2]);
  int16x8_t odd = vqmovntq_s32(vqmovnbq_s32(vdupq_n_s16(0), values.val[1]), values.val[3]);
  even = vqaddq_n_s16(even, (int16_t)stage.zero);
  odd = vqaddq_n_s16(odd, (int16_t)stage.zero);
  if (masked)
    tinysdk_mve_write_mask(&stage, even, odd, mask);
  const int8x16_t bytes = vqmovntq_s16(vqmovnbq_s16(vdupq_n_s8(0), even), odd);
  return vminq_s8(vmaxq_s8(bytes, vdupq_n_s8((int8_t)stage.low)), vdupq_n_s8((int8_t)stage.high));
}

/* The same, with the bias, for sums in memory. */
static inline __attribute__((always_inline)) int8x16_t tinysdk_mve_outputs(tinysdk_mve_stage stage,
                                                                           const int32_t *sums,
                                                                           int32_t single, int32_t shifted,
                                                                           int32_t masked, uint8_t *mask) {
  int32x4x4_t values = vld4q_s32(sums);
  for (int i = 0; i < 4; i++)
    values.val[i] = vqaddq_n_s32(values.val[i], stage.bias);
  return tinysdk_mve_outputs_of(stage, values, single, shifted, masked, mask);
}

static inline __attribute__((always_inline)) void
tinysdk_mve_write_blocks(const tinysdk_mve_stage *stage, const int32_t *sums, int32_t blocks, int32_t single,
                         int32_t shifted, int8_t *output, uint8_t *mask) {
  const tinysdk_mve_stage own = *stage;
  if (mask)
    for (int32_t i = 0; i < blocks; i++, sums += 16, output += 16, mask += 2)
      vstrbq_s8(output, tinysdk_mve_outputs(own, sums, single, shifted, 1, mask));
  else
    for (int32_t i = 0; i < blocks; i++, sums += 16, output += 16)
      vstrbq_s8(output, tinysdk_mve_outputs(own, sums, single, shifted, 0, mask));
}

/* Whole blocks of sixteen. */
static __attribute__((noinline)) void tinysdk_mve_write_whole(const tinysdk_mve_stage *stage,
                                                              const int32_t *sums, int32_t blocks,
                                                              int8_t *output, uint8_t *mask) {
  if (stage->single && stage->left)
    tinysdk_mve_write_blocks(stage, sums, blocks, 1, 1, output, mask);
  else if (stage->single)
    tinysdk_mve_write_blocks(stage, sums, blocks, 1, 0, output, mask);
  else if (stage->left)
    tinysdk_mve_write_blocks(stage, sums, blocks, 0, 1, output, mask);
  else
    tinysdk_mve_write_blocks(stage, sums, blocks, 0, 0, output, mask);
}

/* Up to sixteen without a mask; `sums` is read up to the sixteenth. */
static __attribute__((noinline)) void
tinysdk_mve_write_rest(const tinysdk_mve_stage *stage, const int32_t *sums, int32_t count, int8_t *output) {
  const mve_pred16_t rest = vctp8q((uint32_t)count);
  if (stage->single)
    vstrbq_p_s8(output, tinysdk_mve_outputs(*stage, sums, 1, 1, 0, 0), rest);
  else
    vstrbq_p_s8(output, tinysdk_mve_outputs(*stage, sums, 0, 1, 0, 0), rest);
}

/* Outputs whose mask bits do not fill whole bytes: the portable code, by its blocks. */
static __attribute__((noinline)) void tinysdk_mve_write_portable(const tinysdk_mve_stage *stage,
                                                                 int32_t *sums, int32_t count, int32_t first,
                                                                 int8_t *output, uint8_t *mask) {
  const tinysdk_output_stage same = {stage->bias, stage->multiplier, stage->shift, stage->rounding,
                                     stage->zero, stage->low,        stage->high};
  for (int32_t i = 0; i < count; i += TINYSDK_BLOCK)
    tinysdk_write_sums(&same, sums + i, tinysdk_min(TINYSDK_BLOCK, count - i), first + i, output, mask);
}

/* Writes `count` sums' outputs from element `first` on. `sums` is read up to the next multiple of sixteen. */
static inline void tinysdk_mve_write_sums(const tinysdk_mve_stage *stage, int32_t *sums, int32_t count,
                                          int32_t first, int8_t *output, uint8_t *mask) {
  const int32_t whole = mask && (first & 7) ? 0 : count & ~15;
  if (whole)
    tinysdk_mve_write_whole(stage, sums, whole >> 4, output + first, mask ? mask + (first >> 3) : mask);
  if (whole == count)
    return;
  if (mask)
    tinysdk_mve_write_portable(stage, sums + whole, count - whole, first + whole, output, mask);
  else
    for (int32_t i = whole; i < count; i += 16)
      tinysdk_mve_write_rest(stage, sums + i, tinysdk_min(16, count - i), output + first + i);
}

static inline int32_t tinysdk_mve_sum(const int8_t *weights, int32_t count) {
  int32_t total = 0;
  for (int32_t i = 0; i < count; i += 16)
    total = vaddvaq_s8(total, vldrbq_z_s8(weights + i, vctp8q((uint32_t)(count - i))));
  return total;
}

/* Sums of raw products lack `fold`, the zero points' share. It joins the bias where both together fit 32 bits
 * (the saturating addition is exact then), else the sums. Returns what is left to add with saturation. */
static inline int32_t tinysdk_mve_fold(int32_t bias, int32_t fold, int32_t *sums, int32_t count) {
  int32_t both;
  if (!__builtin_add_overflow(bias, fold, &both))
    return both;
  for (int32_t i = 0; i < count; i++)
    sums[i] = (int32_t)((uint32_t)sums[i] + (uint32_t)fold); /* some may be nobody's */
  return bias;
}

#endif
