/* Four output channels at once, two pixels at a time, for weights of one tensor that are too many to wait in
 * registers: eight sums are as many as the registers hold. mve_lanes_s8.h comes first. */
#ifndef TINYSDK_MVE_FOURS_H
#define TINYSDK_MVE_FOURS_H

#include "mve_columns.h"

#include <stddef.h>

#define TINYSDK_MVE_FOUR 4

/* From so many vectors of weights on they are. */
#define TINYSDK_MVE_FOUR_VECTORS 4

/* Laid out for the assembly. Channels past the last one repeat it. */
typedef struct {
  const int8_t *weights[TINYSDK_MVE_FOUR];
  const int8_t *columns;
  int32_t count;  /* of weights of a channel: more than two vectors */
  int32_t *sums;  /* TINYSDK_MVE_PIXELS of each channel */
  int32_t groups; /* of four pixels */
} tinysdk_mve_four;

#if defined(__ARM_FEATURE_MVE)
#include "mve_fours_arm.h"
#else
#include "mve_fours_host.h"
#endif

/* The sums of the four channels' weights. */
static __attribute__((noinline, unused)) void tinysdk_mve_total_four(const tinysdk_mve_four *four,
                                                                     int32_t *totals) {
  const int8_t *a = four->weights[0], *b = four->weights[1], *c = four->weights[2], *d = four->weights[3];
  int32_t total_a = 0, total_b = 0, total_c = 0, total_d = 0;
  for (int32_t rest = four->count; rest > 0; rest -= 16, a += 16, b += 16, c += 16, d += 16) {
    const mve_pred16_t p = vctp8q((uint32_t)rest);
    total_a = vaddvaq_p_s8(total_a, vldrbq_z_s8(a, p), p);
    total_b = vaddvaq_p_s8(total_b, vldrbq_z_s8(b, p), p);
    total_c = vaddvaq_p_s8(total_c, vldrbq_z_s8(c, p), p);
    total_d = vaddvaq_p_s8(total_d, vldrbq_z_s8(d, p), p);
  }
  totals[0] = total_a;
  totals[1] = total_b;
  totals[2] = total_c;
  totals[3] = total_d;
}

typedef struct {
  int32_t bias;
  int32_t multiplier;
  int32_t right;
  int32_t nudge;
} tinysdk_mve_four_scale;

/* Those of four channels; returns 0 where one is shifted left, or its zero points' share does not fit the
 * bias. */
static inline int32_t tinysdk_mve_scale_four(const tinysdk_mve_target *to, const int32_t *bias,
                                             const tinysdk_requantization *requantization,
                                             tinysdk_mve_four_scale *scales) {
  const int32_t single = to->stage->single;
  const int32x4_t fold = vmulq_n_s32(vldrwq_s32(to->totals), -to->input_zero);
  const int32x4_t own = bias ? vldrwq_s32(bias) : vdupq_n_s32(0), both = vaddq_s32(own, fold);
  const int32x4x2_t scale = vld2q_s32((const int32_t *)(const void *)requantization);
  const int32x4_t multiplier = scale.val[0], shift = scale.val[1];
  const mve_pred16_t unusual =
      (mve_pred16_t)(vcmpneq_s32(both, vqaddq_s32(own, fold)) | vcmpgtq_n_s32(shift, single ? -2 : 0));
  const int32x4x4_t all = {{both, multiplier, vaddq_n_s32(shift, single), vshrq_n_s32(shift, 31)}};
  vst4q_s32((int32_t *)(void *)scales, all);
  return !unusual;
}

/* Whole sixteens without a mask; `single` is a constant where this is inlined. */
static inline __attribute__((always_inline)) void
tinysdk_mve_write_four_channels(const tinysdk_mve_target *to, const tinysdk_mve_four_scale *scale,
                                int32_t single) {
  tinysdk_mve_stage stage = *to->stage;
  const int32_t blocks = to->block.count >> 4, plane = to->block.plane;
  const int32_t *sums = to->sums;
  int8_t *output = to->output + to->block.first;
#pragma GCC unroll 1
  for (int32_t h = 0; h < TINYSDK_MVE_FOUR; h++, sums += TINYSDK_MVE_PIXELS, output += plane, scale++) {
    stage.bias = scale->bias;
    stage.multiplier = scale->multiplier;
    stage.right = scale->right;
    stage.nudge = scale->nudge;
    tinysdk_mve_write_blocks(&stage, sums, blocks, single, 0, output, NULL);
  }
}

static __attribute__((noinline, unused)) void
tinysdk_mve_write_four_single(const tinysdk_mve_target *to, const tinysdk_mve_four_scale *scales) {
  tinysdk_mve_write_four_channels(to, scales, 1);
}

static __attribute__((noinline, unused)) void
tinysdk_mve_write_four_tflite(const tinysdk_mve_target *to, const tinysdk_mve_four_scale *scales) {
  tinysdk_mve_write_four_channels(to, scales, 0);
}

static inline void tinysdk_mve_write_fours(const tinysdk_mve_target *to, const int32_t *bias,
                                           const tinysdk_requantization *requantization, int32_t channels) {
  tinysdk_mve_four_scale scales[TINYSDK_MVE_FOUR];
  if (to->mask || (to->block.count & 15) || channels < TINYSDK_MVE_FOUR ||
      !tinysdk_mve_scale_four(to, bias, requantization, scales))
    tinysdk_mve_write_channels(to, bias, requantization, channels);
  else if (to->stage->single)
    tinysdk_mve_write_four_single(to, scales);
  else
    tinysdk_mve_write_four_tflite(to, scales);
}

/* As tinysdk_mve_convolve, for `count` weights of a channel. */
static __attribute__((noinline, unused)) void
tinysdk_mve_convolve_fours(tinysdk_mve_stage *stage, int32_t input_zero, tinysdk_mve_block block,
                           const int8_t *weights, int32_t count, const int32_t *bias,
                           const tinysdk_requantization *requantization, int32_t outputs, int8_t *output,
                           uint8_t *mask) {
  int32_t sums[TINYSDK_MVE_FOUR][TINYSDK_MVE_PIXELS], totals[TINYSDK_MVE_FOUR];
  tinysdk_mve_four four = {
      .columns = block.columns, .count = count, .sums = sums[0], .groups = (block.count + 3) >> 2};
  tinysdk_mve_target to = {stage, input_zero, sums[0], totals, block, output, mask};
  for (int32_t o = 0; o < outputs; o += TINYSDK_MVE_FOUR) {
    const int32_t together = tinysdk_min(TINYSDK_MVE_FOUR, outputs - o);
    for (int32_t h = 0; h < TINYSDK_MVE_FOUR; h++) {
      four.weights[h] = weights;
      weights += h + 1 < together ? count : 0;
    }
    weights += count;
    tinysdk_mve_total_four(&four, totals);
    tinysdk_mve_multiply_four(&four);
    tinysdk_mve_write_fours(&to, bias ? bias + o : bias, requantization + o, together);
    to.block.first += together * block.plane;
  }
}

/* Whether the weights are one tensor, and long enough. */
static inline int32_t tinysdk_mve_goes_by_fours(int32_t trained_count, int32_t frozen_count) {
  return (trained_count == 0 || frozen_count == 0) &&
         tinysdk_mve_vectors(trained_count, frozen_count) >= TINYSDK_MVE_FOUR_VECTORS;
}

/* tinysdk_mve_convolve, by the way that is shorter. */
static inline void tinysdk_mve_convolve_shortly(tinysdk_mve_stage *stage, int32_t input_zero,
                                                tinysdk_mve_block block, tinysdk_mve_weights weights,
                                                const int32_t *bias,
                                                const tinysdk_requantization *requantization, int32_t outputs,
                                                int8_t *output, uint8_t *mask) {
  const int32_t trained = weights.trained_count, frozen = weights.frozen_count;
  if (tinysdk_mve_goes_by_fours(trained, frozen))
    tinysdk_mve_convolve_fours(stage, input_zero, block, trained > 0 ? weights.trained : weights.frozen,
                               trained + frozen, bias, requantization, outputs, output, mask);
  else
    tinysdk_mve_convolve(stage, input_zero, block, weights, bias, requantization, outputs, output, mask);
}

#endif
