/* The sum of two integer gradients; lanes_g16.h or lanes_g8.h comes first. */
#ifndef TINYSDK_HOST_ACCUMULATE_MANTISSAS_H
#define TINYSDK_HOST_ACCUMULATE_MANTISSAS_H

#include "accumulate_gradient.h"
#include "narrowing.h"

/* An operand and how it reaches the common exponent. */
typedef struct {
  const tinysdk_gradient *from;
  host_narrowing down;
  int32_t factor;
} host_operand;

HOST_INLINE host_operand host_align(const tinysdk_gradient *from, int32_t above) {
  const tinysdk_alignment alignment = tinysdk_align(above);
  return (host_operand){from, host_narrowing_by(alignment.right), alignment.factor};
}

HOST_INLINE host_s32 host_load_aligned(const host_operand *operand, int32_t e, int32_t count) {
  return host_narrow(&operand->down, host_load_part(operand->from, e, count)) * operand->factor;
}

HOST_INLINE void host_accumulate_mantissas(const tinysdk_count_args *args, const tinysdk_gradient *input1,
                                           const int32_t *input1_exponent, const tinysdk_gradient *input2,
                                           const int32_t *input2_exponent, tinysdk_gradient *output,
                                           int32_t *output_exponent) {
  const int32_t above = input1_exponent[0] - input2_exponent[0], count = args->count;
  const int32_t exponent = tinysdk_max(input1_exponent[0], input2_exponent[0]) -
                           tinysdk_min(above < 0 ? -above : above, TINYSDK_ALIGNMENT_LIMIT);
  const host_operand one = host_align(input1, above), two = host_align(input2, -above);
  host_extremes extremes = {{0}, {0}};
  for (int32_t e = 0; e < count; e += HOST_LANES) {
    const int32_t part = host_part(e, count);
    host_widen_extremes(&extremes, host_load_aligned(&one, e, part) + host_load_aligned(&two, e, part));
  }
  const host_narrowing narrowing = host_narrowing_from(0, &extremes, TINYSDK_MANTISSA_BITS);
  for (int32_t e = 0; e < count; e += HOST_LANES) {
    const int32_t part = host_part(e, count);
    const host_s32 sums = host_load_aligned(&one, e, part) + host_load_aligned(&two, e, part);
    host_store_part(output, e, part, host_narrow(&narrowing, sums));
  }
  output_exponent[0] = exponent + narrowing.shift;
}

/* Twenty-four for eight elements. */
HOST_INLINE int32_t host_accumulate_mantissas_instructions(const tinysdk_count_args *args) {
  return host_instructions((int64_t)args->count * 3 + 60);
}

#endif
