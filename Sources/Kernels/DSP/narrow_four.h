/* Four sums at a time become mantissas; four_g16.h or four_g8.h comes first.
 *
 * A mantissa's level is its distance from the lowest one, -limit: as the limit's multiple of 2^shift is added
 * together with the dither, it costs nothing, and what fits is one range of unsigned numbers. With |sum| <
 * 2^30 no level that does not fit wraps into that range. */
#ifndef TINYSDK_DSP_NARROW_FOUR_H
#define TINYSDK_DSP_NARROW_FOUR_H

#include "../Portable/narrow.h"

/* From sums to levels, and from levels to mantissas. */
typedef struct {
  uint32_t even; /* what elements of even index add */
  uint32_t odd;
  uint32_t limits; /* the limit in every mantissa of a word */
  int32_t shift;
} tinysdk_levels;

static inline tinysdk_levels tinysdk_levels_of(const tinysdk_narrowing *narrowing) {
  const int32_t shift = narrowing->shift;
  const uint32_t lowest = (uint32_t)narrowing->limit << shift;
  const tinysdk_levels levels = {lowest + (uint32_t)tinysdk_dither(0, 0, shift),
                                 lowest + (uint32_t)tinysdk_dither(1, 0, shift),
                                 (uint32_t)narrowing->limit * TINYSDK_EVERY_MANTISSA, shift};
  return levels;
}

/* For elements that begin at an odd one. */
static inline tinysdk_levels tinysdk_levels_from(tinysdk_levels levels, int32_t first) {
  const tinysdk_levels swapped = {levels.odd, levels.even, levels.limits, levels.shift};
  return first & 1 ? swapped : levels;
}

/* Four elements whose sums have become levels 2^shift times too large. Not 0 when one of them does not fit.
 */
static inline uint32_t tinysdk_write_levels(tinysdk_levels levels, uint32_t a, uint32_t b, uint32_t c,
                                            uint32_t d, tinysdk_gradient *to) {
  return tinysdk_store_levels(a >> levels.shift, b >> levels.shift, c >> levels.shift, d >> levels.shift,
                              levels.limits, to);
}

/* Shifts elements [first, end), already written, by one bit, number `bit`: the dither's is set in every other
 * element. */
static inline void tinysdk_halve_written(tinysdk_gradient *output, int32_t first, int32_t end, int32_t bit) {
  const int32_t per_word = sizeof(uint32_t) / sizeof(*output), whole = (end - first) & -per_word;
  const uint32_t ones = TINYSDK_EVERY_OTHER_MANTISSA << 8 * sizeof(*output) * (uint32_t)((first ^ bit) & 1);
  tinysdk_gradient *to = output + first;
#pragma GCC unroll 4
  for (tinysdk_gradient *const stop = to + whole; to < stop; to += per_word)
    tinysdk_store_word(to, tinysdk_halve_mantissas(tinysdk_load_word(to), ones));
  for (int32_t i = first + whole; i < end; i++)
    output[i] = (tinysdk_gradient)((output[i] + 1 - ((i ^ bit) & 1)) >> 1);
}

/* tinysdk_shift_written, word by word: mostly it is one bit. */
static __attribute__((noinline, unused)) void tinysdk_shift_words(const tinysdk_narrowing *narrowing,
                                                                  int32_t first, int32_t end, int32_t more) {
  for (int32_t bit = narrowing->shift; bit < narrowing->shift + more; bit++)
    tinysdk_halve_written(narrowing->output, first, end, bit);
}

/* Elements first, first + 1, ..., some of which do not fit, of a tensor whose elements before `first`, and no
 * others, are written. */
static __attribute__((noinline, unused)) void
tinysdk_narrow_slowly(tinysdk_narrowing *narrowing, const int32_t *sums, int32_t count, int32_t first) {
  const int32_t shift = tinysdk_shift_for(narrowing, sums, count, first);
  tinysdk_shift_words(narrowing, 0, first, shift - narrowing->shift);
  narrowing->shift = shift;
  tinysdk_write_mantissas(narrowing, sums, count, first);
}

/* Rows, every other one of a plane, whose levels are 2^shift times too large and lie apart. Laid out for the
 * assembly. */
typedef struct {
  const uint32_t *even; /* of even elements */
  const uint32_t *odd;
  tinysdk_gradient *to; /* the first row; a whole number of fours */
  int32_t row_bytes;
  int32_t rows;
  uint32_t limits;
  int32_t shift;
} tinysdk_interleaved_rows;

#endif
