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

#define TINYSDK_EVERY_MANTISSA 0x00010001u
#define TINYSDK_EVERY_OTHER_MANTISSA 0x00000001u

static inline uint32_t tinysdk_halve_mantissas(uint32_t a, uint32_t b) {
  return tinysdk_halve_halves(a, b);
}

/* Four levels leave as mantissas. Not 0 when one of them is larger than twice the limit. */
static inline uint32_t tinysdk_store_levels(uint32_t a, uint32_t b, uint32_t c, uint32_t d, uint32_t limits,
                                            tinysdk_gradient *to) {
  const uint32_t low = tinysdk_pack_low(a, b), high = tinysdk_pack_low(c, d);
  tinysdk_store_word(to, tinysdk_sub16(low, limits));
  tinysdk_store_word(to + 2, tinysdk_sub16(high, limits));
  return (a | b | c | d) >> 16 | tinysdk_uqsub16(low, 2 * limits) | tinysdk_uqsub16(high, 2 * limits);
}

/* The halves that two bits let pass. */
static const uint32_t tinysdk_passing_halves[4]
    __attribute__((unused)) = {0x00000000u, 0x0000FFFFu, 0xFFFF0000u, 0xFFFFFFFFu};

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
  for (const tinysdk_gradient *const end = from + (count & ~3); from < end; from += 4) {
    sum = tinysdk_smlad(tinysdk_load_word(from), 0x00010001u, sum);
    sum = tinysdk_smlad(tinysdk_load_word(from + 2), 0x00010001u, sum);
  }
  for (int32_t i = 0; i < (count & 3); i++)
    sum += from[i];
  return sum;
}

/* Four values, their even and odd ones as halves, in the order of tinysdk_pair_fours. */
static inline void tinysdk_place_values(uint32_t even, uint32_t odd, uint32_t *first, uint32_t *second) {
  *first = tinysdk_pack_low(even, odd);
  *second = tinysdk_pack_high(even, odd);
}

/* By twos, four mantissas of two rows side by side. */
static inline uint32_t *tinysdk_pair_fours(const tinysdk_gradient *a, const tinysdk_gradient *b,
                                           uint32_t *pairs) {
  return tinysdk_store_four(tinysdk_load_word(a), tinysdk_load_word(b), tinysdk_load_word(a + 2),
                            tinysdk_load_word(b + 2), pairs);
}

#endif
