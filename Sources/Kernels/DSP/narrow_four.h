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

/* Whole fours of elements. Not 0 when one of them does not fit. A function of its own, for its registers. */
static __attribute__((noinline, unused)) uint32_t
tinysdk_write_fours(const tinysdk_levels *from, const int32_t *sums, int32_t count, tinysdk_gradient *to) {
  const tinysdk_levels levels = *from;
  uint32_t excess = 0;
  for (const int32_t *const end = sums + count; sums < end; sums += 4, to += 4)
    excess |= tinysdk_write_levels(levels, (uint32_t)sums[0] + levels.even, (uint32_t)sums[1] + levels.odd,
                                   (uint32_t)sums[2] + levels.even, (uint32_t)sums[3] + levels.odd, to);
  return excess;
}

/* The same of sums that lie apart, those of even elements from `even` on. */
static __attribute__((noinline, unused)) uint32_t tinysdk_write_interleaved(const tinysdk_levels *from,
                                                                            const int32_t *even,
                                                                            const int32_t *odd, int32_t count,
                                                                            tinysdk_gradient *to) {
  const tinysdk_levels levels = *from;
  uint32_t excess = 0;
  for (const tinysdk_gradient *const end = to + count; to < end; even += 2, odd += 2, to += 4)
    excess |= tinysdk_write_levels(levels, (uint32_t)even[0] + levels.even, (uint32_t)odd[0] + levels.odd,
                                   (uint32_t)even[1] + levels.even, (uint32_t)odd[1] + levels.odd, to);
  return excess;
}

/* Elements first, first + 1, ...; `from_even` are the narrowing's own levels. 0 when one of them does not
 * fit. */
static inline int32_t tinysdk_write_run(const tinysdk_narrowing *narrowing, const tinysdk_levels *from_even,
                                        const int32_t *sums, int32_t count, int32_t first) {
  const int32_t whole = count & ~3;
  uint32_t excess;
  if (first & 1) {
    const tinysdk_levels from_odd = tinysdk_levels_from(*from_even, 1);
    excess = tinysdk_write_fours(&from_odd, sums, whole, narrowing->output + first);
  } else {
    excess = tinysdk_write_fours(from_even, sums, whole, narrowing->output + first);
  }
  return excess == 0 &&
         (whole == count || tinysdk_write_mantissas(narrowing, sums + whole, count - whole, first + whole));
}

static __attribute__((noinline, unused)) void
tinysdk_narrow_slowly(tinysdk_narrowing *narrowing, const int32_t *sums, int32_t count, int32_t first) {
  tinysdk_narrow_next(narrowing, sums, count, first);
}

/* Elements first, first + 1, ... of a tensor whose elements before `first`, and no others, are written. */
static inline void tinysdk_narrow_run(tinysdk_narrowing *narrowing, const int32_t *sums, int32_t count,
                                      int32_t first) {
  const tinysdk_levels levels = tinysdk_levels_of(narrowing);
  if (!tinysdk_write_run(narrowing, &levels, sums, count, first))
    tinysdk_narrow_slowly(narrowing, sums, count, first);
}

#endif
