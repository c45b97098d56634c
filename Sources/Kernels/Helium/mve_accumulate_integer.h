/* The sum of two integer gradients of different exponents; mve_mantissas_g16.h or mve_mantissas_g8.h comes
 * first. */
#ifndef TINYSDK_MVE_ACCUMULATE_INTEGER_H
#define TINYSDK_MVE_ACCUMULATE_INTEGER_H

#include "accumulate_gradient.h"
#include "mve_narrow.h"

/* Elements summed before they are narrowed: an even number, so that a block's dithers are the next one's. */
#define TINYSDK_MVE_SUMMED 64

/* How one operand reaches the common exponent. */
typedef struct {
  int32_t dithers[5];
  int32_t left;
  int32_t right; /* negative: to the right, as the shift instruction counts */
} tinysdk_mve_alignment;

static inline tinysdk_mve_alignment tinysdk_mve_align(int32_t above) {
  tinysdk_mve_alignment alignment = {{0}, tinysdk_clamp(above, 0, TINYSDK_ALIGNMENT_LIMIT), 0};
  const int32_t right = tinysdk_align(above).right;
  tinysdk_mve_set_dithers(alignment.dithers, 0, right);
  alignment.right = -right;
  return alignment;
}

static __attribute__((noinline)) void tinysdk_mve_add_aligned(const tinysdk_mve_alignment by[2],
                                                              const tinysdk_gradient *input1,
                                                              const tinysdk_gradient *input2, int32_t count,
                                                              int32_t *sums) {
  const int32x4_t dither1 = vldrwq_s32(by[0].dithers), dither2 = vldrwq_s32(by[1].dithers);
  const int32_t right1 = by[0].right, left1 = by[0].left, right2 = by[1].right, left2 = by[1].left;
  for (; count > 0; count -= 4, input1 += 4, input2 += 4, sums += 4) {
    const mve_pred16_t some = vctp32q((uint32_t)count);
    int32x4_t a = vshlq_r_s32(vaddq_s32(tinysdk_mve_mantissas(input1, some), dither1), right1);
    int32x4_t b = vshlq_r_s32(vaddq_s32(tinysdk_mve_mantissas(input2, some), dither2), right2);
    a = vshlq_r_s32(a, left1);
    b = vshlq_r_s32(b, left2);
    vstrwq_p_s32(sums, vaddq_s32(a, b), some);
  }
}

static inline void tinysdk_mve_accumulate_integer(const tinysdk_count_args *args,
                                                  const tinysdk_gradient *input1,
                                                  const int32_t *input1_exponent,
                                                  const tinysdk_gradient *input2,
                                                  const int32_t *input2_exponent, tinysdk_gradient *output,
                                                  int32_t *output_exponent) {
  const int32_t above = input1_exponent[0] - input2_exponent[0];
  const int32_t exponent = tinysdk_max(input1_exponent[0], input2_exponent[0]) -
                           tinysdk_min(above < 0 ? -above : above, TINYSDK_ALIGNMENT_LIMIT);
  const tinysdk_mve_alignment by[2] = {tinysdk_mve_align(above), tinysdk_mve_align(-above)};
  tinysdk_mve_narrowing narrowing = tinysdk_mve_narrow_start(output, TINYSDK_MANTISSA_BITS);
  for (int32_t e = 0; e < args->count; e += TINYSDK_MVE_SUMMED) {
    int32_t sums[TINYSDK_MVE_SUMMED];
    const int32_t count = tinysdk_min(TINYSDK_MVE_SUMMED, args->count - e);
    tinysdk_mve_add_aligned(by, input1 + e, input2 + e, count, sums);
    tinysdk_mve_narrow_next(&narrowing, sums, count, e);
  }
  output_exponent[0] = exponent + narrowing.by.shift;
}

#endif
