/* What pairs_arm.h does, in C. */
#ifndef TINYSDK_DSP_PAIRS_HOST_H
#define TINYSDK_DSP_PAIRS_HOST_H

/* The columns of whole quads of planes; quads >= 1. */
static inline void tinysdk_widen_quads(const int8_t *input, int32_t plane, uint32_t base, uint32_t *columns,
                                       int32_t quads) {
  for (int32_t q = 0; q < quads; q++, input += 4 * plane) {
    const uint32_t bytes[4] = {tinysdk_load_word(input), tinysdk_load_word(input + plane),
                               tinysdk_load_word(input + 2 * plane), tinysdk_load_word(input + 3 * plane)};
    tinysdk_widen_quad(bytes, base, columns + 8 * q);
  }
}

static inline uintptr_t tinysdk_pair_code(const int16_t *entries, int32_t entry) {
  (void)entries;
  return (uintptr_t)entry;
}

#endif
