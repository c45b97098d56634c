/* Quads of input channels out of weights in layout `pairs`. */
#ifndef TINYSDK_DSP_QUADS_H
#define TINYSDK_DSP_QUADS_H

#include "layout_pairs.h"
#include "simd.h"

static inline int32_t tinysdk_quad_of(int32_t channels, int32_t k) {
  (void)channels;
  return k & ~3;
}

/* Pair by pair of output channels, the weights of input channels k, k + 2, k + 1 and k + 3. */
static __attribute__((noinline)) void tinysdk_split_quad(const int8_t *weights, int32_t channels, int32_t k,
                                                         int32_t outputs, uint32_t *to) {
  const int32_t row = tinysdk_pair_words(channels) * 4;
  const int8_t *from = weights + tinysdk_pair_place(k);
#pragma GCC unroll 2
  for (int32_t pairs = (outputs + 1) / 2; pairs > 0; pairs--, from += row) {
    const uint32_t even = tinysdk_load_word(from), odd = tinysdk_load_word(from + 4);
    /* b is a + 256 b + 128, divided by 256: a lies within +-128. */
    to = tinysdk_store_joined(tinysdk_sxtb16(even), tinysdk_sxtb16_odd(tinysdk_add16(even, 0x00800080u)),
                              tinysdk_sxtb16(odd), tinysdk_sxtb16_odd(tinysdk_add16(odd, 0x00800080u)), to);
  }
}

#endif
