/* The sum of two integer gradients of different exponents. */
#ifndef TINYSDK_ACCUMULATE_GRADIENT_H
#define TINYSDK_ACCUMULATE_GRADIENT_H

#include "narrow.h"
#include "tinysdk_kernels.h"

/* The operand of the larger exponent is shifted left by at most this; then the sum stays below 2^30. */
#define TINYSDK_ALIGNMENT_LIMIT 14

/* How one operand reaches the common exponent: one of the two shifts is 0. */
typedef struct {
  int32_t factor; /* 2^left */
  int32_t right;
} tinysdk_alignment;

/* For an operand whose exponent is `above` larger than the other's. From a shift of 30 on, all mantissas
 * become 0, so no larger one is needed. */
static inline tinysdk_alignment tinysdk_align(int32_t above) {
  const tinysdk_alignment alignment = {1 << tinysdk_clamp(above, 0, TINYSDK_ALIGNMENT_LIMIT),
                                       tinysdk_clamp(-above - TINYSDK_ALIGNMENT_LIMIT, 0, 30)};
  return alignment;
}

static inline int32_t tinysdk_aligned(int32_t mantissa, int32_t index, tinysdk_alignment alignment) {
  return ((mantissa + tinysdk_dither(index, 0, alignment.right)) >> alignment.right) * alignment.factor;
}

static inline void tinysdk_accumulate_gradient(const tinysdk_count_args *args, const tinysdk_gradient *input1,
                                               const int32_t *input1_exponent, const tinysdk_gradient *input2,
                                               const int32_t *input2_exponent, tinysdk_gradient *output,
                                               int32_t *output_exponent) {
  const int32_t above = input1_exponent[0] - input2_exponent[0];
  const int32_t exponent = tinysdk_max(input1_exponent[0], input2_exponent[0]) -
                           tinysdk_min(above < 0 ? -above : above, TINYSDK_ALIGNMENT_LIMIT);
  const tinysdk_alignment align1 = tinysdk_align(above), align2 = tinysdk_align(-above);
  tinysdk_narrowing narrowing = tinysdk_narrow_start(output, TINYSDK_MANTISSA_BITS);
  for (int32_t e = 0; e < args->count; e += TINYSDK_BLOCK) {
    int32_t sums[TINYSDK_BLOCK];
    const int32_t count = tinysdk_min(TINYSDK_BLOCK, args->count - e);
    for (int32_t i = 0; i < count; i++)
      sums[i] = tinysdk_aligned(input1[e + i], e + i, align1) + tinysdk_aligned(input2[e + i], e + i, align2);
    tinysdk_narrow_next(&narrowing, sums, count, e);
  }
  output_exponent[0] = exponent + narrowing.shift;
}

#endif
