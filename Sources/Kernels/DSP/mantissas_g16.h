/* Products of two rows of int16 mantissas. */
#ifndef TINYSDK_DSP_MANTISSAS_H
#define TINYSDK_DSP_MANTISSAS_H

#include "four_g16.h"
#include "halves.h"

/* sums[0..3] += row a, sums[4..7] += row b, over `count` pixels. No load reaches past them. */
static inline void tinysdk_multiply_mantissas(const uint32_t *values, const tinysdk_gradient *a,
                                              const tinysdk_gradient *b, int32_t count, int32_t *sums) {
  const int32_t whole = count / 4, rest = count % 4;
  if (whole > 0)
    tinysdk_multiply_halves(values, a, b, whole, sums);
  if (rest > 0) {
    tinysdk_gradient tail[8] = {0};
    for (int32_t i = 0; i < rest; i++) {
      tail[i] = a[4 * whole + i];
      tail[4 + i] = b[4 * whole + i];
    }
    tinysdk_multiply_halves(values + 8 * whole, tail, tail + 4, 1, sums);
  }
}

#endif
