/* The sum of two integer gradients of different exponents; write_fours_g16.h or write_fours_g8.h comes first.
 */
#ifndef TINYSDK_DSP_ACCUMULATE_INTEGER_H
#define TINYSDK_DSP_ACCUMULATE_INTEGER_H

#include "../Portable/accumulate_gradient.h"
#include "instructions.h"
#include "narrow_run.h"

/* Whole fours of elements, neither operand being shifted right: one product of pairs each. An operand may be
 * the output. */
static __attribute__((noinline)) void tinysdk_add_fours(tinysdk_narrowing *narrowing,
                                                        const tinysdk_gradient *input1,
                                                        const tinysdk_gradient *input2, uint32_t factors,
                                                        int32_t count) {
  tinysdk_levels levels = tinysdk_levels_of(narrowing);
  tinysdk_gradient *const output = narrowing->output;
  for (int32_t e = 0; e < count; e += 4) {
    uint32_t joined[4];
    tinysdk_join_four(input1 + e, input2 + e, joined);
    if (tinysdk_write_levels(levels, (uint32_t)tinysdk_smlad(joined[0], factors, (int32_t)levels.even),
                             (uint32_t)tinysdk_smlad(joined[1], factors, (int32_t)levels.odd),
                             (uint32_t)tinysdk_smlad(joined[2], factors, (int32_t)levels.even),
                             (uint32_t)tinysdk_smlad(joined[3], factors, (int32_t)levels.odd), output + e)) {
      int32_t sums[4];
      for (int32_t i = 0; i < 4; i++)
        sums[i] = tinysdk_smlad(joined[i], factors, 0);
      tinysdk_narrow_slowly(narrowing, sums, 4, e);
      levels = tinysdk_levels_of(narrowing);
    }
  }
}

/* Shifted right by two more than a mantissa's bits, an operand becomes 0: with the dither, which lies between
 * a third and two thirds of 2^right, it neither goes below 0 nor reaches 2^right. */
static inline tinysdk_alignment tinysdk_align_quickly(int32_t above) {
  const tinysdk_alignment alignment = tinysdk_align(above), nothing = {0, 0};
  return alignment.right >= TINYSDK_MANTISSA_BITS + 2 ? nothing : alignment;
}

static inline void tinysdk_accumulate_integer(const tinysdk_count_args *args, const tinysdk_gradient *input1,
                                              const int32_t *input1_exponent, const tinysdk_gradient *input2,
                                              const int32_t *input2_exponent, tinysdk_gradient *output,
                                              int32_t *output_exponent) {
  const int32_t above = input1_exponent[0] - input2_exponent[0];
  const int32_t exponent = tinysdk_max(input1_exponent[0], input2_exponent[0]) -
                           tinysdk_min(above < 0 ? -above : above, TINYSDK_ALIGNMENT_LIMIT);
  const tinysdk_alignment align1 = tinysdk_align_quickly(above), align2 = tinysdk_align_quickly(-above);
  const uint32_t factors = tinysdk_pack_low((uint32_t)align1.factor, (uint32_t)align2.factor);
  tinysdk_narrowing narrowing = tinysdk_narrow_start(output, TINYSDK_MANTISSA_BITS);
  const int32_t unshifted = align1.right == 0 && align2.right == 0;
  const int32_t fours = unshifted ? args->count & ~3 : 0;
  tinysdk_add_fours(&narrowing, input1, input2, factors, fours);
  for (int32_t e = fours; e < args->count; e += TINYSDK_BLOCK) {
    int32_t sums[TINYSDK_BLOCK];
    const int32_t count = tinysdk_min(TINYSDK_BLOCK, args->count - e);
    for (int32_t i = 0; i < count; i++)
      sums[i] = tinysdk_aligned(input1[e + i], e + i, align1) + tinysdk_aligned(input2[e + i], e + i, align2);
    tinysdk_narrow_run(&narrowing, sums, count, e);
  }
  output_exponent[0] = exponent + narrowing.shift;
}

static inline int32_t tinysdk_accumulate_integer_instructions(const tinysdk_count_args *args) {
  return tinysdk_instruction_count((int64_t)args->count * 10 + 100);
}

#endif
