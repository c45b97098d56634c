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

#define TINYSDK_EVERY_MANTISSA 0x01010101u
#define TINYSDK_EVERY_OTHER_MANTISSA 0x00010001u

static inline uint32_t tinysdk_halve_mantissas(uint32_t a, uint32_t b) {
  return tinysdk_halve_bytes(a, b);
}

/* Four levels leave as mantissas. Not 0 when one of them is larger than twice the limit. */
static inline uint32_t tinysdk_store_levels(uint32_t a, uint32_t b, uint32_t c, uint32_t d, uint32_t limits,
                                            tinysdk_gradient *to) {
  const uint32_t word = a | b << 8 | c << 16 | d << 24;
  tinysdk_store_word(to, tinysdk_sub8(word, limits));
  return (a | b | c | d) >> 8 | tinysdk_uqsub8(word, 2 * limits);
}

/* The bytes, element by element, that the bits of a nibble let pass. */
static const uint32_t tinysdk_passing_bytes[16] __attribute__((unused)) = {
    0x00000000u, 0x000000FFu, 0x0000FF00u, 0x0000FFFFu, 0x00FF0000u, 0x00FF00FFu, 0x00FFFF00u, 0x00FFFFFFu,
    0xFF000000u, 0xFF0000FFu, 0xFF00FF00u, 0xFF00FFFFu, 0xFFFF0000u, 0xFFFF00FFu, 0xFFFFFF00u, 0xFFFFFFFFu};

/* Four mantissas as halves. */
static inline void tinysdk_widen_four(const tinysdk_gradient *from, int16_t *to) {
  uint32_t words[2];
  tinysdk_load_halves(from, words);
  tinysdk_store_word(to, words[0]);
  tinysdk_store_word(to + 2, words[1]);
}

/* `count` mantissas as halves. */
static inline void tinysdk_widen_mantissas(const tinysdk_gradient *from, int32_t count, int16_t *to) {
  for (const int16_t *const end = to + (count & ~3); to < end; from += 4, to += 4)
    tinysdk_widen_four(from, to);
  for (int32_t i = 0; i < (count & 3); i++)
    to[i] = from[i];
}

static inline int32_t tinysdk_sum_mantissas(const tinysdk_gradient *from, int32_t count, int32_t sum) {
  uint32_t levels = 0; /* above -128 */
#pragma GCC unroll 4
  for (int32_t i = count >> 2; i > 0; i--, from += 4)
    levels = tinysdk_add_bytes(tinysdk_load_word(from) ^ 0x80808080u, levels);
  for (int32_t i = 0; i < (count & 3); i++)
    sum += from[i];
  return sum + (int32_t)(levels - (uint32_t)(count & ~3) * 128u);
}

/* Four values, their even and odd ones as halves, in the order of tinysdk_pair_fours. */
static inline void tinysdk_place_values(uint32_t even, uint32_t odd, uint32_t *first, uint32_t *second) {
  *first = even;
  *second = odd;
}

/* By twos, four mantissas of two rows side by side. */
static inline uint32_t *tinysdk_pair_fours(const tinysdk_gradient *a, const tinysdk_gradient *b,
                                           uint32_t *pairs) {
  const uint32_t first = tinysdk_load_word(a), second = tinysdk_load_word(b);
  return tinysdk_store_four(tinysdk_sxtb16(first), tinysdk_sxtb16(second), tinysdk_sxtb16_odd(first),
                            tinysdk_sxtb16_odd(second), pairs);
}

#endif
