/* Runs of elements become mantissas; write_fours_g16.h or write_fours_g8.h comes first. */
#ifndef TINYSDK_DSP_NARROW_RUN_H
#define TINYSDK_DSP_NARROW_RUN_H

#include "narrow_four.h"

/* Whole fours of elements whose sums lie apart, those of even elements from `even` on. */
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

/* Elements first, first + 1, ... of a tensor whose elements before `first`, and no others, are written. */
static inline void tinysdk_narrow_run(tinysdk_narrowing *narrowing, const int32_t *sums, int32_t count,
                                      int32_t first) {
  const tinysdk_levels levels = tinysdk_levels_of(narrowing);
  if (!tinysdk_write_run(narrowing, &levels, sums, count, first))
    tinysdk_narrow_slowly(narrowing, sums, count, first);
}

#endif
