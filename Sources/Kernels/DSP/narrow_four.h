/* Four sums at a time become mantissas; four_g16.h or four_g8.h comes first. */
#ifndef TINYSDK_DSP_NARROW_FOUR_H
#define TINYSDK_DSP_NARROW_FOUR_H

#include "../Portable/narrow.h"

/* What neighbouring elements add, and by how much all are shifted. */
typedef struct {
  int32_t even;
  int32_t odd;
  int32_t shift;
} tinysdk_dithers;

/* For elements from `first` on. */
static inline tinysdk_dithers tinysdk_dithers_at(int32_t shift, int32_t first) {
  const tinysdk_dithers dithers = {tinysdk_dither(first, 0, shift), tinysdk_dither(first + 1, 0, shift),
                                   shift};
  return dithers;
}

static inline uint32_t tinysdk_magnitude(int32_t value) {
  return (uint32_t)((value + (value >> 31)) ^ value >> 31);
}

/* Writes four mantissas; the result is below 2^B where all of them lie within +-(2^B - 1). */
static inline uint32_t tinysdk_write_four(tinysdk_dithers dithers, const int32_t *sums,
                                          tinysdk_gradient *to) {
  const int32_t a = (sums[0] + dithers.even) >> dithers.shift, b = (sums[1] + dithers.odd) >> dithers.shift;
  const int32_t c = (sums[2] + dithers.even) >> dithers.shift, d = (sums[3] + dithers.odd) >> dithers.shift;
  tinysdk_store_four(to, a, b, c, d);
  return tinysdk_magnitude(a) | tinysdk_magnitude(b) | tinysdk_magnitude(c) | tinysdk_magnitude(d);
}

#endif
