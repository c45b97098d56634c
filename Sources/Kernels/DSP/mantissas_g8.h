/* Products of two rows of int8 mantissas. */
#ifndef TINYSDK_DSP_MANTISSAS_H
#define TINYSDK_DSP_MANTISSAS_H

#include "columns.h"
#include "four_g8.h"

/* sums[0..3] += row a, sums[4..7] += row b, over `count` pixels. No load reaches past them. */
static inline void tinysdk_multiply_mantissas(const uint32_t *values, const tinysdk_gradient *a,
                                              const tinysdk_gradient *b, int32_t count, int32_t *sums) {
  tinysdk_multiply_rows(values, a, b, count, sums);
}

#endif
