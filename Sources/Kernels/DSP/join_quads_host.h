/* What the assembly of join_quads_arm.h computes. */
#ifndef TINYSDK_DSP_JOIN_QUADS_HOST_H
#define TINYSDK_DSP_JOIN_QUADS_HOST_H

static inline uint32_t *tinysdk_store_joined(uint32_t a, uint32_t b, uint32_t c, uint32_t d, uint32_t *to) {
  to[0] = tinysdk_pack_low(a, b);
  to[1] = tinysdk_pack_high(a, b);
  to[2] = tinysdk_pack_low(c, d);
  to[3] = tinysdk_pack_high(c, d);
  return to + 4;
}

static inline uint32_t *tinysdk_join_rows(const int8_t *row, int32_t distance, uint32_t *to) {
  const uint32_t a = tinysdk_load_word(row), b = tinysdk_load_word(row + distance);
  return tinysdk_store_joined(tinysdk_sxtb16(a), tinysdk_sxtb16(b), tinysdk_sxtb16_odd(a),
                              tinysdk_sxtb16_odd(b), to);
}

/* b is a + 256 b + 128, divided by 256: a lies within +-128. */
static inline uint32_t *tinysdk_join_packed(const int8_t *packed, uint32_t *to) {
  const uint32_t even = tinysdk_load_word(packed), odd = tinysdk_load_word(packed + 4);
  return tinysdk_store_joined(tinysdk_sxtb16(even), tinysdk_sxtb16_odd(tinysdk_add16(even, 0x00800080u)),
                              tinysdk_sxtb16(odd), tinysdk_sxtb16_odd(tinysdk_add16(odd, 0x00800080u)), to);
}

#endif
