/* What the assembly of join_quads_arm.h computes. */
#ifndef TINYSDK_DSP_JOIN_QUADS_HOST_H
#define TINYSDK_DSP_JOIN_QUADS_HOST_H

/* Halves of the bytes of either half of a word: bytes 0 and 2, then bytes 1 and 3. */
static inline uint32_t *tinysdk_join_rows(const int8_t *row, int32_t distance, uint32_t *to) {
  const uint32_t a = tinysdk_load_word(row), b = tinysdk_load_word(row + distance);
  const uint32_t low = tinysdk_pack_low(a, b), high = tinysdk_pack_high(a, b);
  to[0] = tinysdk_sxtb16(low);
  to[1] = tinysdk_sxtb16(high);
  to[2] = tinysdk_sxtb16_odd(low);
  to[3] = tinysdk_sxtb16_odd(high);
  return to + 4;
}

/* b is a + 256 b + 128, divided by 256: a lies within +-128. */
static inline void tinysdk_join_packed(const int8_t *packed, int32_t row, int32_t twos, uint32_t *to) {
  for (; twos > 0; twos--, packed += 2 * row, to += 8)
    for (int32_t i = 0; i < 4; i += 2) {
      const uint32_t a = tinysdk_load_word(packed + 2 * i), b = tinysdk_load_word(packed + row + 2 * i);
      const uint32_t low = tinysdk_pack_low(a, b), high = tinysdk_pack_high(a, b);
      to[i] = tinysdk_sxtb16(low);
      to[i + 1] = tinysdk_sxtb16(high);
      to[i + 4] = tinysdk_sxtb16_odd(tinysdk_add16(low, 0x00800080u));
      to[i + 5] = tinysdk_sxtb16_odd(tinysdk_add16(high, 0x00800080u));
    }
}

#endif
