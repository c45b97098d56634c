/* Quads of input channels out of rows of weights, one row per output channel. */
#ifndef TINYSDK_DSP_QUADS_H
#define TINYSDK_DSP_QUADS_H

#include "../Portable/requantize.h"
#include "simd.h"

/* The quad that holds channel k: as no load may reach past a row, the last one reaches back. */
static inline int32_t tinysdk_quad_of(int32_t channels, int32_t k) {
  return tinysdk_max(0, tinysdk_min(k, channels - 4));
}

/* Pair by pair of output channels, the weights of input channels k and k + 2 go to `even`, those of k + 1 and
 * k + 3 to `odd`. */
static inline void tinysdk_split_quad(const int8_t *weights, int32_t channels, int32_t k, int32_t outputs,
                                      uint32_t *even, uint32_t *odd) {
  weights += k;
  for (int32_t o = 0; o < outputs; o += 2, weights += 2 * channels, even += 2, odd += 2) {
    uint32_t a, b = 0;
    if (channels >= 4) {
      a = tinysdk_load_word(weights);
      b = o + 1 < outputs ? tinysdk_load_word(weights + channels) : 0;
    } else {
      a = tinysdk_load_tail(weights, channels);
      b = o + 1 < outputs ? tinysdk_load_tail(weights + channels, channels) : 0;
    }
    const uint32_t a_even = tinysdk_sxtb16(a), a_odd = tinysdk_sxtb16_odd(a);
    const uint32_t b_even = tinysdk_sxtb16(b), b_odd = tinysdk_sxtb16_odd(b);
    even[0] = tinysdk_pack_low(a_even, b_even);
    even[1] = tinysdk_pack_high(a_even, b_even);
    odd[0] = tinysdk_pack_low(a_odd, b_odd);
    odd[1] = tinysdk_pack_high(a_odd, b_odd);
  }
}

#endif
