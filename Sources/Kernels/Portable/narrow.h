/* From exact 32-bit sums to mantissas, with a shift that is found while the tensor is written.
 *
 * Why the order does not matter. Let f(s) = floor((a + (D mod 2^s)) / 2^s) be a sum's mantissa at shift s.
 * Split D mod 2^(i+j) into its low i bits d and the next j bits e: D mod 2^(i+j) = d + e 2^i. As e is an
 * integer,
 *   floor((f(i) + e) / 2^j) = floor(floor((a + d + e 2^i) / 2^i) / 2^j) = floor((a + d + e 2^i) / 2^(i+j))
 * = f(i + j). So shifting a mantissa on, with the next bits of D, equals shifting the sum at once.
 * What fits at s fits at s + 1: from -L <= f(s) <= L follows f(s + 1) = floor((f(s) + 0 or 1) / 2), which
 * lies in [floor(-L / 2), floor((L + 1) / 2)], within [-L, L] for L >= 1. So the smallest shift that fits a
 * tensor is the largest of its elements' smallest shifts, in whatever order they are met. */
#ifndef TINYSDK_NARROW_H
#define TINYSDK_NARROW_H

#include "requantize.h"

/* A tensor being written: so far, every element has been shifted by `shift`. */
typedef struct {
  tinysdk_gradient *output;
  int32_t limit;
  int32_t shift;
} tinysdk_narrowing;

static inline tinysdk_narrowing tinysdk_narrow_start(tinysdk_gradient *output, int32_t bits) {
  const tinysdk_narrowing narrowing = {output, (1 << bits) - 1, 0};
  return narrowing;
}

/* What element `index` adds before it is shifted right by `shift`, having been shifted by `done` before. */
static inline int32_t tinysdk_dither(int32_t index, int32_t done, int32_t shift) {
  const uint32_t bits = index & 1 ? 0xAAAAAAAAu : 0x55555555u;
  return (int32_t)(bits >> done & ((1u << shift) - 1));
}

/* Shifts elements [first, end), already written, by `more`. */
static inline void tinysdk_shift_written(const tinysdk_narrowing *narrowing, int32_t first, int32_t end,
                                         int32_t more) {
  tinysdk_gradient *const output = narrowing->output;
  const int32_t even = tinysdk_dither(0, narrowing->shift, more);
  const int32_t odd = tinysdk_dither(1, narrowing->shift, more);
  for (int32_t i = first; i < end; i++)
    output[i] = (tinysdk_gradient)((output[i] + (i & 1 ? odd : even)) >> more);
}

/* Writes elements first, first + 1, ... at the present shift; 0 when one of them does not fit. */
static inline int32_t tinysdk_write_mantissas(const tinysdk_narrowing *narrowing,
                                              const int32_t *restrict sums, int32_t count, int32_t first) {
  tinysdk_gradient *restrict const output = narrowing->output + first;
  const int32_t shift = narrowing->shift, limit = narrowing->limit;
  const int32_t even = tinysdk_dither(first, 0, shift), odd = tinysdk_dither(first + 1, 0, shift);
  int32_t low = 0, high = 0;
  for (int32_t i = 0; i < count; i++) {
    const int32_t mantissa = (sums[i] + (i & 1 ? odd : even)) >> shift;
    low = tinysdk_min(low, mantissa);
    high = tinysdk_max(high, mantissa);
    output[i] = (tinysdk_gradient)mantissa;
  }
  return low >= -limit && high <= limit;
}

/* The smallest shift, from the present one on, that fits these sums too. */
static inline int32_t tinysdk_shift_for(const tinysdk_narrowing *narrowing, const int32_t *sums,
                                        int32_t count, int32_t first) {
  int32_t shift = narrowing->shift;
  for (int32_t i = 0; i < count; i++) {
    int32_t mantissa = (sums[i] + tinysdk_dither(first + i, 0, shift)) >> shift;
    while (mantissa < -narrowing->limit || mantissa > narrowing->limit) {
      shift++;
      mantissa = (sums[i] + tinysdk_dither(first + i, 0, shift)) >> shift;
    }
  }
  return shift;
}

/* Writes elements first, first + 1, ... of a tensor whose elements before `first`, and no others, are
 * written. */
static inline void tinysdk_narrow_next(tinysdk_narrowing *narrowing, const int32_t *sums, int32_t count,
                                       int32_t first) {
  if (tinysdk_write_mantissas(narrowing, sums, count, first))
    return;
  const int32_t shift = tinysdk_shift_for(narrowing, sums, count, first);
  tinysdk_shift_written(narrowing, 0, first, shift - narrowing->shift);
  narrowing->shift = shift;
  tinysdk_write_mantissas(narrowing, sums, count, first);
}

#endif
