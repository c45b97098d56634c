/* Four neighbouring int8 mantissas, at any address. */
#ifndef TINYSDK_DSP_FOUR_H
#define TINYSDK_DSP_FOUR_H

#include "../Portable/gradient_g8.h"
#include "simd.h"

/* Four mantissas as halves: (0, 1) and (2, 3). */
static inline void tinysdk_load_halves(const tinysdk_gradient *from, uint32_t words[2]) {
  const uint32_t bytes = tinysdk_load_word(from);
  const uint32_t even = tinysdk_sxtb16(bytes), odd = tinysdk_sxtb16_odd(bytes);
  words[0] = tinysdk_pack_low(even, odd);
  words[1] = tinysdk_pack_high(even, odd);
}

/* Pixel by pixel, the mantissas of two channels as halves of a word. */
static inline void tinysdk_join_four(const tinysdk_gradient *a, const tinysdk_gradient *b,
                                     uint32_t joined[4]) {
  const uint32_t a0 = tinysdk_load_word(a), b0 = tinysdk_load_word(b);
  const uint32_t a_even = tinysdk_sxtb16(a0), a_odd = tinysdk_sxtb16_odd(a0);
  const uint32_t b_even = tinysdk_sxtb16(b0), b_odd = tinysdk_sxtb16_odd(b0);
  joined[0] = tinysdk_pack_low(a_even, b_even);
  joined[1] = tinysdk_pack_low(a_odd, b_odd);
  joined[2] = tinysdk_pack_high(a_even, b_even);
  joined[3] = tinysdk_pack_high(a_odd, b_odd);
}

static inline void tinysdk_store_four(tinysdk_gradient *to, int32_t a, int32_t b, int32_t c, int32_t d) {
  tinysdk_store_word(to, tinysdk_pack_bytes(a, b, c, d));
}

/* Four values, their even and odd ones as halves, in the order in which tinysdk_multiply_mantissas takes
 * them. */
static inline void tinysdk_place_values(uint32_t even, uint32_t odd, uint32_t *first, uint32_t *second) {
  *first = even;
  *second = odd;
}

#endif
