/* Quads of input channels out of weights in layout `pairs`. */
#ifndef TINYSDK_DSP_QUADS_H
#define TINYSDK_DSP_QUADS_H

#include "layout_pairs.h"
#include "simd.h"

static inline int32_t tinysdk_quad_of(int32_t channels, int32_t k) {
  (void)channels;
  return k & ~3;
}

/* Pair by pair of output channels, the weights of input channels k and k + 2 go to `even`, those of k + 1 and
 * k + 3 to `odd`. */
static inline void tinysdk_split_quad(const int8_t *weights, int32_t channels, int32_t k, int32_t outputs,
                                      uint32_t *even, uint32_t *odd) {
  const int32_t row = tinysdk_pair_words(channels) * 4;
  weights += tinysdk_pair_place(k);
  for (int32_t o = 0; o < outputs; o += 2, weights += row, even += 2, odd += 2) {
    const uint32_t first = tinysdk_load_word(weights), second = tinysdk_load_word(weights + 4);
    /* b is a + 256 b + 128, divided by 256: a lies within +-128. */
    const uint32_t a_even = tinysdk_sxtb16(first), a_odd = tinysdk_sxtb16(second);
    const uint32_t b_even = tinysdk_sxtb16_odd(tinysdk_add16(first, 0x00800080u));
    const uint32_t b_odd = tinysdk_sxtb16_odd(tinysdk_add16(second, 0x00800080u));
    even[0] = tinysdk_pack_low(a_even, b_even);
    even[1] = tinysdk_pack_high(a_even, b_even);
    odd[0] = tinysdk_pack_low(a_odd, b_odd);
    odd[1] = tinysdk_pack_high(a_odd, b_odd);
  }
}

#endif
