/* What the loops of multiply_arm.h compute. */
#ifndef TINYSDK_DSP_MULTIPLY_HOST_H
#define TINYSDK_DSP_MULTIPLY_HOST_H

#include "simd.h"

static inline void tinysdk_multiply_half(const uint32_t *x, uint32_t a, uint32_t b, int32_t sums[8]) {
  for (int32_t p = 0; p < 4; p++) {
    sums[p] = tinysdk_smlad(a, x[p], sums[p]);
    sums[4 + p] = tinysdk_smlad(b, x[p], sums[4 + p]);
  }
}

static inline void tinysdk_multiply_quads(const uint32_t *x, const int8_t *a, const int8_t *b, int32_t quads,
                                          int32_t sums[8]) {
  for (int32_t q = 0; q < quads; q++, x += 8) {
    const uint32_t wa = tinysdk_load_word(a + 4 * q), wb = tinysdk_load_word(b + 4 * q);
    tinysdk_multiply_half(x, tinysdk_sxtb16(wa), tinysdk_sxtb16(wb), sums);
    tinysdk_multiply_half(x + 4, tinysdk_sxtb16_odd(wa), tinysdk_sxtb16_odd(wb), sums);
  }
}

static inline void tinysdk_multiply_pairs(const uint32_t *x, const int8_t *packed, int32_t quads,
                                          int32_t sums[8]) {
  for (int32_t half = 0; half < 2 * quads; half++, x += 4) {
    const uint32_t word = tinysdk_load_word(packed + 4 * half);
    tinysdk_multiply_half(x, tinysdk_sxtb16(word), word, sums);
  }
}

#endif
