/* Four neighbouring int16 mantissas, at any address. */
#ifndef TINYSDK_DSP_FOUR_H
#define TINYSDK_DSP_FOUR_H

#include "../Portable/gradient_g16.h"
#include "simd.h"

/* The words that hold four mantissas: (0, 1) and (2, 3). */
static inline void tinysdk_load_halves(const tinysdk_gradient *from, uint32_t words[2]) {
  words[0] = tinysdk_load_word(from);
  words[1] = tinysdk_load_word(from + 2);
}

/* Pixel by pixel, the mantissas of two channels as halves of a word. */
static inline void tinysdk_join_four(const tinysdk_gradient *a, const tinysdk_gradient *b,
                                     uint32_t joined[4]) {
  const uint32_t a0 = tinysdk_load_word(a), a2 = tinysdk_load_word(a + 2);
  const uint32_t b0 = tinysdk_load_word(b), b2 = tinysdk_load_word(b + 2);
  joined[0] = tinysdk_pack_low(a0, b0);
  joined[1] = tinysdk_pack_high(a0, b0);
  joined[2] = tinysdk_pack_low(a2, b2);
  joined[3] = tinysdk_pack_high(a2, b2);
}

static inline void tinysdk_store_four(tinysdk_gradient *to, int32_t a, int32_t b, int32_t c, int32_t d) {
  tinysdk_store_word(to, tinysdk_pack_low((uint32_t)a, (uint32_t)b));
  tinysdk_store_word(to + 2, tinysdk_pack_low((uint32_t)c, (uint32_t)d));
}

/* Four values, their even and odd ones as halves, in the order in which tinysdk_multiply_mantissas takes
 * them. */
static inline void tinysdk_place_values(uint32_t even, uint32_t odd, uint32_t *first, uint32_t *second) {
  *first = tinysdk_pack_low(even, odd);
  *second = tinysdk_pack_high(even, odd);
}

#endif
