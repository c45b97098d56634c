/* What the routine of gather_arm.h computes. */
#ifndef TINYSDK_DSP_GATHER_HOST_H
#define TINYSDK_DSP_GATHER_HOST_H

static inline void tinysdk_gather_stride2(const int8_t *window, const int32_t *offsets, uint32_t base,
                                          uint32_t *columns, int32_t quads) {
  for (int32_t i = 0; i < 2 * quads; i++, columns += 4) {
    const int8_t *const a = window + offsets[i / 2 * 4 + i % 2], *const b =
                                                                     window + offsets[i / 2 * 4 + i % 2 + 2];
    const uint32_t a0 = tinysdk_load_word(a), a3 = tinysdk_load_word(a + 3);
    const uint32_t b0 = tinysdk_load_word(b), b3 = tinysdk_load_word(b + 3);
    columns[0] = tinysdk_sxtab16(base, tinysdk_pack_low(a0, b0));
    columns[1] = tinysdk_sxtab16(base, tinysdk_pack_high(a0, b0));
    columns[2] = tinysdk_sxtab16_odd(base, tinysdk_pack_low(a3, b3));
    columns[3] = tinysdk_sxtab16_odd(base, tinysdk_pack_high(a3, b3));
  }
}

#endif
