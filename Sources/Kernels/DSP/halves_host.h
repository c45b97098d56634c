/* What the routine of halves_arm.h computes. */
#ifndef TINYSDK_DSP_HALVES_HOST_H
#define TINYSDK_DSP_HALVES_HOST_H

static inline void tinysdk_multiply_halves(const uint32_t *x, const int16_t *a, const int16_t *b,
                                           int32_t quads, int32_t *sums) {
  for (int32_t i = 0; i < 2 * quads; i++, x += 4)
    for (int32_t j = 0; j < 8; j++)
      sums[j] = tinysdk_smlad(tinysdk_load_word((j < 4 ? a : b) + 2 * i), x[j % 4], sums[j]);
}

#endif
